import type { Call } from '../http/route';
import { acted, written, type BatchResponse } from '../http/response';
import type { Model } from '../model';
import type { AutoScaleSettings } from '../model/pools/autoscale-checks';
import type { Pool } from '../model/pools/pool';
import { renderAutoScaleRun } from '../wire/render-autoscale';

/** "Pool - Enable/Disable/Evaluate Auto Scale" of the Azure Batch REST reference. */
export class AutoScaleHandlers {
  constructor(private readonly model: Model) {}

  readonly modified = (call: Call): number => this.pool(call).modified;

  readonly enable = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.enableAutoScale(pool, call.body as AutoScaleSettings);
    return written(200, call.request, pool.modified);
  };

  /** The service answers with the ETag the pool had. */
  readonly disable = (call: Call): BatchResponse => {
    const pool = this.pool(call);
    this.model.pools.disableAutoScale(pool);
    return written(200, call.request, pool.modified);
  };

  readonly evaluate = (call: Call): BatchResponse => {
    const { autoScaleFormula } = call.body as { autoScaleFormula: string };
    const run = this.model.pools.evaluateAutoScale(this.pool(call), autoScaleFormula);
    return acted(call.request, 'Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun', renderAutoScaleRun(run));
  };

  private pool({ params }: Call): Pool {
    return this.model.pools.get(params['poolId'] ?? '');
  }
}
