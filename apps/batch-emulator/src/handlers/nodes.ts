import type { Call } from '../http/route';
import { filterOf, listBody, byNumber, pageAfter, predicateOf, selectOf } from '../http/paging';
import { document, nodeAction, type BatchResponse } from '../http/response';
import { nodeProperties } from '../filter';
import type { Model } from '../model';
import type { DeallocationOption } from '../wire/types';
import { renderNode } from '../wire/render-node';
import { nodeOf } from './node-of';

/** "Compute Node" operations of the Azure Batch REST reference. */
export class NodeHandlers {
  constructor(private readonly model: Model) {}

  readonly list = ({ request, params }: Call): BatchResponse => {
    const nodes = this.model.nodes.list(this.model.pools.get(params['poolId'] ?? ''));
    const matches = predicateOf(request, filterOf(request), nodeProperties);
    const page = pageAfter(
      request,
      nodes.filter(matches),
      byNumber(({ index }) => index),
    );
    return document(
      'nodes',
      listBody(request, page, (node) => renderNode(node, request.baseUrl)),
    );
  };

  readonly get = (call: Call): BatchResponse => {
    const node = nodeOf(this.model, call);
    return document('nodes/@Element', selectOf(call.request)(renderNode(node, call.request.baseUrl)));
  };

  readonly reboot = (call: Call): BatchResponse => {
    this.model.nodeOperations.reboot(nodeOf(this.model, call), optionOf(call, 'nodeRebootOption'));
    return nodeAction(202, call.request);
  };

  readonly reimage = (call: Call): BatchResponse => {
    this.model.nodeOperations.reimage(nodeOf(this.model, call), optionOf(call, 'nodeReimageOption'));
    return nodeAction(202, call.request);
  };

  readonly deallocate = (call: Call): BatchResponse => {
    this.model.nodeOperations.deallocate(nodeOf(this.model, call), optionOf(call, 'nodeDeallocateOption'));
    return nodeAction(202, call.request);
  };

  readonly start = (call: Call): BatchResponse => {
    this.model.nodeOperations.start(nodeOf(this.model, call));
    return nodeAction(202, call.request);
  };

  readonly disableScheduling = (call: Call): BatchResponse => {
    const option = optionOf(call, 'nodeDisableSchedulingOption');
    this.model.nodeOperations.disableScheduling(nodeOf(this.model, call), option);
    return nodeAction(200, call.request);
  };

  readonly enableScheduling = (call: Call): BatchResponse => {
    this.model.nodeOperations.enableScheduling(nodeOf(this.model, call));
    return nodeAction(200, call.request);
  };
}

/** Without a body tasks are requeued. */
function optionOf({ body }: Call, name: string): DeallocationOption {
  return (body as Record<string, DeallocationOption> | undefined)?.[name] ?? 'requeue';
}
