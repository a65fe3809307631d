import type { Call } from '../http/route';
import { createdOnNode, empty, nodeAction, type BatchResponse } from '../http/response';
import type { Model } from '../model';
import type { NodeUserRequest } from '../model/nodes/node-users';
import { nodeUrl } from '../wire/render-node-info';
import { nodeOf } from './node-of';
import { pathSegment } from '../util/path-segment';

/** "Compute Node - Add/Update/Delete User" of the Azure Batch REST reference. */
export class NodeUserHandlers {
  constructor(private readonly model: Model) {}

  readonly add = (call: Call): BatchResponse => {
    const node = nodeOf(this.model, call);
    const user = call.body as NodeUserRequest;
    this.model.nodeUsers.add(node, user);
    return createdOnNode(`${nodeUrl(call.request.baseUrl, node.pool.id, node.id)}/users/${pathSegment(user.name)}`);
  };

  readonly update = (call: Call): BatchResponse => {
    const changes = call.body as Pick<NodeUserRequest, 'expiryTime'>;
    this.model.nodeUsers.update(nodeOf(this.model, call), call.params['userName'] ?? '', changes);
    return nodeAction(200, call.request);
  };

  readonly delete = (call: Call): BatchResponse => {
    this.model.nodeUsers.delete(nodeOf(this.model, call), call.params['userName'] ?? '');
    return empty(200);
  };
}
