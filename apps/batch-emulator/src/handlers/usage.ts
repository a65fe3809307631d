import { invalidQuery } from '../errors';
import { usageProperties } from '../filter';
import type { RequestContext } from '../http/context';
import { filterOf, listBody, pageOf, predicateOf } from '../http/paging';
import { document, type BatchResponse } from '../http/response';
import type { Call } from '../http/route';
import type { Model } from '../model';
import { USAGE_INTERVAL, type Usage } from '../model/pools/usage';
import type { JsonObject } from '../util/json';
import { formatTime, parseTime, type Micros } from '../util/time';

const MICROS_PER_HOUR = 3_600_000_000;

/** "Pool - List Usage Metrics". */
export function listUsageMetrics({ world }: Model): (call: Call) => BatchResponse {
  return ({ request }) => {
    const [from, to] = [timeOf(request, 'starttime'), timeOf(request, 'endtime')];
    if (from !== undefined && to !== undefined && from >= to) {
      throw invalidQuery('endtime', request.query.get('endtime') ?? '', 'The end must be after the start.');
    }
    for (const pool of world.pools.values()) world.usage.count(pool);
    const matches = predicateOf(request, filterOf(request), usageProperties);
    const page = pageOf(request, world.usage.list(from, to).filter(matches));
    return document('poolusagemetrics', listBody(request, page, render));
  };
}

function render({ poolId, start, vmSize, coreTime }: Usage): JsonObject {
  return {
    poolId,
    startTime: formatTime(start),
    endTime: formatTime(start + USAGE_INTERVAL),
    vmSize,
    totalCoreHours: coreTime / MICROS_PER_HOUR,
  };
}

function timeOf(request: RequestContext, name: string): Micros | undefined {
  const text = request.query.get(name);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined) throw invalidQuery(name, text, 'Not a date-time.');
  return time;
}
