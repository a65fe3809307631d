import type { Call } from '../http/route';
import type { RequestContext } from '../http/context';
import { expandStats } from '../http/expand';
import { filterOf, listBody, byName, byNumber, pageAfter, predicateOf, selectOf } from '../http/paging';
import { created, document, empty, entity, onlyValidators, written, type BatchResponse } from '../http/response';
import { nodeCountProperties, poolProperties } from '../filter';
import type { Model } from '../model';
import type { Pool } from '../model/pools/pool';
import type { ResizeRequest } from '../model/pools/pool-service';
import { MAX_RESULTS_NODE_COUNTS } from '../constants';
import type { JsonObject } from '../util/json';
import type { PoolSpec } from '../wire/types';
import { renderNodeCounts } from '../wire/render-node';
import { poolUrl, renderPool } from '../wire/render-pool';
import { renderPoolStats } from '../wire/render-stats';

/** "Pool" operations of the Azure Batch REST reference. */
export class PoolHandlers {
  constructor(private readonly model: Model) {}

  readonly modified = (call: Call): number => this.pool(call).modified;

  readonly add = ({ request, body }: Call): BatchResponse => {
    const pool = this.model.pools.create(body as PoolSpec);
    return created(poolUrl(request.baseUrl, pool.id), pool.modified);
  };

  readonly list = ({ request }: Call): BatchResponse => {
    const matches = predicateOf(request, filterOf(request), poolProperties);
    const page = pageAfter(
      request,
      [...this.model.world.pools.values()].filter(matches),
      byNumber((pool) => pool.created),
    );
    const expand = this.expand(request);
    return document(
      'pools',
      listBody(request, page, (pool) => expand(pool, renderPool(pool, request.baseUrl))),
    );
  };

  readonly get = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    const { request } = call;
    const whole = this.expand(request)(pool, renderPool(pool, request.baseUrl));
    const body = selectOf(request)(whole);
    return entity('pools/@Element', body, pool.modified);
  };

  readonly exists = (call: Call): BatchResponse => onlyValidators(200, this.pool(call).modified);

  readonly patch = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.patch(pool, call.body as Partial<PoolSpec>);
    return written(200, call.request, pool.modified);
  };

  readonly updateProperties = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.replaceProperties(pool, call.body as Partial<PoolSpec>);
    return written(204, call.request, pool.modified);
  };

  readonly resize = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.resize(pool, call.body as ResizeRequest);
    return written(202, call.request, pool.modified);
  };

  readonly stopResize = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.stopResize(pool);
    return written(202, call.request, pool.modified);
  };

  readonly removeNodes = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    const { nodeList, ...request } = call.body as ResizeRequest & { nodeList: string[] };
    this.model.pools.removeNodes(pool, nodeList, request);
    return written(202, call.request, pool.modified);
  };

  readonly delete = (call: Call): BatchResponse => {
    this.model.pools.delete(this.pool(call));
    return empty(202);
  };

  /** "Account - List Pool Node Counts": sorted by pool id, at most 10 to a page. */
  readonly nodeCounts = ({ request }: Call): BatchResponse => {
    const matches = predicateOf(request, filterOf(request), nodeCountProperties);
    const pools = [...this.model.world.pools.values()].filter(matches);
    const page = pageAfter(
      request,
      pools,
      byName(({ id }) => id),
      MAX_RESULTS_NODE_COUNTS,
    );
    return document('poolnodecounts', listBody(request, page, renderNodeCounts));
  };

  private expand(request: RequestContext): (pool: Pool, body: JsonObject) => JsonObject {
    const { clock, usage } = this.model.world;
    return expandStats(request, (pool: Pool) => {
      usage.count(pool);
      return renderPoolStats(pool, request.baseUrl, clock.now());
    });
  }

  private pool({ params }: Call): Pool {
    return this.model.pools.get(params['poolId'] ?? '');
  }
}
