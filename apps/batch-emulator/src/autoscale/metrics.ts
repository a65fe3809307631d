/** Read-only variables of a formula: what is sampled of a pool. */
export const METRICS = [
  '$ActiveTasks',
  '$RunningTasks',
  '$PendingTasks',
  '$SucceededTasks',
  '$FailedTasks',
  '$CurrentDedicatedNodes',
  '$CurrentLowPriorityNodes',
  '$PreemptedNodeCount',
  '$UsableNodeCount',
  '$SampleNodeCount',
  '$TaskSlotsPerNode',
  '$CPUPercent',
  '$WallClockSeconds',
  '$MemoryBytes',
  '$DiskBytes',
  '$DiskReadBytes',
  '$DiskWriteBytes',
  '$DiskReadOps',
  '$DiskWriteOps',
  '$NetworkInBytes',
  '$NetworkOutBytes',
] as const;

export type MetricName = (typeof METRICS)[number];

/** Older names of metrics. */
const ALIASES: ReadonlyMap<string, MetricName> = new Map([
  ['$CurrentDedicated', '$CurrentDedicatedNodes'],
  ['$CurrentLowPriority', '$CurrentLowPriorityNodes'],
]);

const names = new Set<string>(METRICS);

export function metricOf(name: string): MetricName | undefined {
  return names.has(name) ? (name as MetricName) : ALIASES.get(name);
}
