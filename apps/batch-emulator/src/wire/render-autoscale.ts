import type { AutoScaleRun } from '../model/pools/autoscale-state';
import { compact, type JsonObject } from '../util/json';
import { formatTime } from '../util/time';

/** "AutoScaleRun", of an evaluation asked for and of the last one of a pool. */
export function renderAutoScaleRun({ timestamp, results, error }: AutoScaleRun): JsonObject {
  return compact({ timestamp: formatTime(timestamp), results, error });
}
