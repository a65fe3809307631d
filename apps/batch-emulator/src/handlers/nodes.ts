import type { Call } from '../http/route';
import { filterOf, listBody, pageOf, predicateOf, selectOf } from '../http/paging';
import { document, nodeAction, type BatchResponse } from '../http/response';
import { nodeProperties } from '../filter';
import type { Model } from '../model';
import { renderNode } from '../wire/render-node';

/** "Compute Node" operations of the Azure Batch REST reference. */
export class NodeHandlers {
  constructor(private readonly model: Model) {}

  readonly list = ({ request, params }: Call): BatchResponse => {
    const nodes = this.model.nodes.list(this.model.pools.get(params['poolId'] ?? ''));
    const page = pageOf(request, nodes.filter(predicateOf(request, filterOf(request), nodeProperties)));
    return document(
      'nodes',
      listBody(request, page, (node) => renderNode(node, request.baseUrl)),
    );
  };

  readonly get = ({ request, params }: Call): BatchResponse => {
    const node = this.model.nodes.get(this.model.pools.get(params['poolId'] ?? ''), params['nodeId'] ?? '');
    return document('nodes/@Element', selectOf(request)(renderNode(node, request.baseUrl)));
  };

  readonly enableScheduling = ({ request, params }: Call): BatchResponse => {
    const node = this.model.nodes.get(this.model.pools.get(params['poolId'] ?? ''), params['nodeId'] ?? '');
    this.model.nodes.enableScheduling(node);
    return nodeAction(200, request);
  };
}
