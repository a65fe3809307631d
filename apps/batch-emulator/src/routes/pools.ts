import type { PoolHandlers } from '../handlers/pools';
import type { Route } from '../http/route';
import { POOL, notYet, route } from './route';

export function poolRoutes(pools: PoolHandlers): Route[] {
  const { modified } = pools;
  return [
    route('PoolAdd', 'POST', '/pools', pools.add, { body: 'BatchPoolCreateOptions' }),
    route('PoolList', 'GET', '/pools', pools.list),
    route('PoolDelete', 'DELETE', POOL, pools.delete, { modified }),
    route('PoolExists', 'HEAD', POOL, pools.exists, { modified }),
    route('PoolGet', 'GET', POOL, pools.get, { modified }),
    route('PoolPatch', 'PATCH', POOL, pools.patch, { body: 'BatchPoolUpdateOptions', modified }),
    notYet('PoolDisableAutoScale', 'POST', `${POOL}/disableautoscale`),
    notYet('PoolEnableAutoScale', 'POST', `${POOL}/enableautoscale`),
    notYet('PoolEvaluateAutoScale', 'POST', `${POOL}/evaluateautoscale`),
    route('PoolRemoveNodes', 'POST', `${POOL}/removenodes`, pools.removeNodes, {
      body: 'BatchNodeRemoveOptions',
      modified,
    }),
    route('PoolResize', 'POST', `${POOL}/resize`, pools.resize, { body: 'BatchPoolResizeOptions', modified }),
    route('PoolStopResize', 'POST', `${POOL}/stopresize`, pools.stopResize, { modified }),
    route('PoolUpdateProperties', 'POST', `${POOL}/updateproperties`, pools.updateProperties, {
      body: 'BatchPoolReplaceOptions',
    }),
  ];
}
