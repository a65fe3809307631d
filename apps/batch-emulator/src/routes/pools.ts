import type { AutoScaleHandlers } from '../handlers/autoscale';
import type { PoolHandlers } from '../handlers/pools';
import type { Route } from '../http/route';
import { POOL, route } from './route';

export function poolRoutes(pools: PoolHandlers, autoScale: AutoScaleHandlers): Route[] {
  const { modified } = pools;
  return [
    route('PoolAdd', 'POST', '/pools', pools.add, { body: 'BatchPoolCreateOptions' }),
    route('PoolList', 'GET', '/pools', pools.list),
    route('PoolDelete', 'DELETE', POOL, pools.delete, { modified }),
    route('PoolExists', 'HEAD', POOL, pools.exists, { modified }),
    route('PoolGet', 'GET', POOL, pools.get, { modified }),
    route('PoolPatch', 'PATCH', POOL, pools.patch, { body: 'BatchPoolUpdateOptions', modified }),
    route('PoolDisableAutoScale', 'POST', `${POOL}/disableautoscale`, autoScale.disable),
    route('PoolEnableAutoScale', 'POST', `${POOL}/enableautoscale`, autoScale.enable, {
      body: 'BatchPoolEnableAutoScaleOptions',
      modified,
    }),
    route('PoolEvaluateAutoScale', 'POST', `${POOL}/evaluateautoscale`, autoScale.evaluate, {
      body: 'BatchPoolEvaluateAutoScaleOptions',
    }),
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
