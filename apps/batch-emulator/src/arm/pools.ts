import { accountId } from '../account/batch-account';
import type { RequestContext } from '../http/context';
import type { Model } from '../model';
import type { Pool } from '../model/pools/pool';
import { isObject, type JsonObject } from '../util/json';
import type { ArmAccounts } from './accounts';
import { badRequest } from './arm-error';
import { accepted, ok, type ArmCall, type ArmResponse } from './arm-route';
import type { DataPlane } from './data-plane';
import { poolFilter, selectProperties } from './pool-query';
import { poolFromArm, scaleFromArm, type Scale } from './pool-body';
import { poolToArm } from './render-pool';

/** "Pool" operations of management: the pools of the Batch service, seen from another side. */
export class ArmPools {
  constructor(
    private readonly model: Model,
    private readonly accounts: ArmAccounts,
    private readonly batch: DataPlane,
  ) {}

  readonly list = async (call: ArmCall): Promise<ArmResponse> => {
    this.accounts.find(call);
    if (!this.served(call)) return ok({ value: [] });
    const { json } = await this.batch.call('PoolList', poolFilter(call.request), {});
    const { value, 'odata.nextLink': nextLink } = json?.body as { value: JsonObject[]; 'odata.nextLink'?: string };
    const select = selectProperties(call.request);
    const shown = value.map((pool) => select(this.render(pool)));
    return ok(nextLink === undefined ? { value: shown } : { value: shown, nextLink });
  };

  readonly get = (call: ArmCall): Promise<ArmResponse> => this.show(call, 'PoolGet');

  /** "Pool - Create", or a change of one that is there. */
  readonly put = async (call: ArmCall): Promise<ArmResponse> => {
    const { poolId = '' } = this.params(call);
    if (this.model.world.pools.has(poolId.toLowerCase())) return this.patch(call);
    if (!this.served(call)) throw badRequest('Only the account of the emulator has pools.');
    const { fixed, auto } = scaleFromArm(call.body) ?? {};
    const { nodeDeallocationOption: _unused, ...targets } = fixed ?? {};
    const scale = auto ? { enableAutoScale: true, ...auto } : targets;
    await this.batch.call('PoolAdd', call.request, {}, { id: poolId, ...poolFromArm(call.body), ...scale });
    return this.show(call);
  };

  readonly patch = async (call: ArmCall): Promise<ArmResponse> => {
    const params = this.params(call);
    const pool = this.pool(call);
    this.batch.checkConditions('PoolPatch', call.request, params);
    const { identity: _unused, ...changes } = poolFromArm(call.body);
    const scale = scaleFromArm(call.body);
    const { json } = await this.batch.call('PoolGet', call.request, params);
    const differing = differences(changes, json?.body as JsonObject);
    if (Object.keys(differing).length > 0) await this.batch.call('PoolPatch', call.request, params, differing);
    if (scale) await this.rescale(call.request, pool, scale);
    return this.show(call);
  };

  /** 202 until the last node has left; the Location says when. */
  readonly delete = async (call: ArmCall): Promise<ArmResponse> => {
    const params = this.params(call);
    const { poolId = '' } = params;
    if (!this.model.world.pools.has(poolId.toLowerCase())) return { status: 204 };
    this.batch.checkConditions('PoolDelete', call.request, params);
    await this.batch.call('PoolDelete', call.request, params);
    return accepted(call, this.operationPath(call, poolId));
  };

  /** Where the Location of a delete leads. */
  readonly operationResult = (call: ArmCall): ArmResponse => {
    const { poolId = '' } = call.params;
    const pending = this.model.world.pools.get(poolId.toLowerCase())?.state === 'deleting';
    return pending ? accepted(call, this.operationPath(call, poolId)) : { status: 200 };
  };

  readonly disableAutoScale = async (call: ArmCall): Promise<ArmResponse> => {
    this.pool(call);
    await this.batch.call('PoolDisableAutoScale', call.request, this.params(call));
    return this.show(call);
  };

  readonly stopResize = async (call: ArmCall): Promise<ArmResponse> => {
    this.pool(call);
    await this.batch.call('PoolStopResize', call.request, this.params(call));
    return this.show(call);
  };

  private async rescale(request: RequestContext, pool: Pool, { fixed, auto }: Scale): Promise<void> {
    const params = { poolId: pool.id };
    if (auto) {
      await this.batch.call('PoolEnableAutoScale', request, params, auto);
      return;
    }
    if (pool.spec.enableAutoScale) await this.batch.call('PoolDisableAutoScale', request, params);
    const { targetDedicatedNodes: dedicated, targetLowPriorityNodes: lowPriority } = fixed ?? {};
    const same =
      (dedicated ?? pool.targetDedicated) === pool.targetDedicated &&
      (lowPriority ?? pool.targetLowPriority) === pool.targetLowPriority;
    if (!same) await this.batch.call('PoolResize', request, params, fixed);
  }

  private async show(call: ArmCall, conditional?: string): Promise<ArmResponse> {
    const params = this.params(call);
    this.pool(call);
    if (conditional !== undefined) this.batch.checkConditions(conditional, call.request, params);
    const { request } = call;
    // $select of management speaks of other names.
    const { json, headers } = await this.batch.call('PoolGet', { ...request, query: new Map() }, params);
    return ok(this.render(json?.body as JsonObject), { ETag: headers['ETag'] ?? '' });
  }

  private render(pool: JsonObject): JsonObject {
    const { spec, deallocation } = this.model.pools.get(pool['id'] as string);
    const { identity } = spec as { identity?: JsonObject };
    return poolToArm(pool, accountId(this.model.world.account.own), { deallocation, identity });
  }

  /** Only the emulator's own account has pools. */
  private served({ params }: ArmCall): boolean {
    return this.model.world.account.isOwn(params['accountName'] ?? '');
  }

  private pool(call: ArmCall): Pool {
    const { poolId = '' } = this.params(call);
    return this.model.pools.get(this.served(call) ? poolId : '');
  }

  private params(call: ArmCall): { poolId: string } {
    this.accounts.find(call);
    return { poolId: call.params['poolName'] ?? '' };
  }

  private operationPath({ params }: ArmCall, poolId: string): string {
    const { region } = this.model.world.account;
    return `/subscriptions/${params['subscriptionId']}/providers/Microsoft.Batch/locations/${region}/poolOperationResults/${poolId}`;
  }
}

/** What a body wants otherwise than it is; clients send back all that they read. */
function differences(wanted: JsonObject, present: JsonObject): JsonObject {
  const plain = (value: unknown): string => JSON.stringify(sorted(value)).toLowerCase();
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => plain(value) !== plain(present[name])));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
