import { Readable } from 'node:stream';
import { batchError } from '../errors';
import type { Call } from '../http/route';
import { listBody, pageOf, selectOf } from '../http/paging';
import { document, type BatchResponse } from '../http/response';
import type { Model } from '../model';
import { PUBLIC_ADDRESS, remoteLoginPort } from '../wire/render-endpoints';
import { extensionsOf, renderExtension } from '../wire/render-extension';
import { nodeOf } from './node-of';

/** How to reach a node, and what is installed on it ("Compute Node" and "Compute Node Extension" operations). */
export class NodeAccessHandlers {
  constructor(private readonly model: Model) {}

  /** Nothing listens there: nodes of the emulator are folders on this machine. */
  readonly remoteLogin = (call: Call): BatchResponse => {
    const node = nodeOf(this.model, call);
    const settings = { remoteLoginIPAddress: PUBLIC_ADDRESS, remoteLoginPort: remoteLoginPort(node) };
    return document('Microsoft.Azure.Batch.Protocol.Entities.ComputeNodeGetRemoteLoginSettingsResult', settings);
  };

  readonly remoteDesktop = (call: Call): BatchResponse => {
    const node = nodeOf(this.model, call);
    const content = `full address:s:${PUBLIC_ADDRESS}:${remoteLoginPort(node)}\r\nprompt for credentials:i:1\r\n`;
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(content.length) };
    return { status: 200, headers, stream: Readable.from([content]) };
  };

  readonly extensions = (call: Call): BatchResponse => {
    const page = pageOf(call.request, extensionsOf(nodeOf(this.model, call).pool));
    return document('nodeextensions', listBody(call.request, page, renderExtension));
  };

  readonly extension = (call: Call): BatchResponse => {
    const name = call.params['extensionName']?.toLowerCase();
    const extension = extensionsOf(nodeOf(this.model, call).pool).find(
      (candidate) => candidate.name.toLowerCase() === name,
    );
    if (!extension) throw batchError('ResourceNotFound', { Path: call.request.rawPath });
    return document('nodeextensions/@Element', selectOf(call.request)(renderExtension(extension)));
  };
}
