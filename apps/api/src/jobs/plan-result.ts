import type { Download, PlannedTask, SourceSnapshot } from '@windrow/contract';

/** What `planWorkflow` returns: a dry run in figures, with the first tasks as they would run. */
export interface PlanResult {
  items: number;
  tasks: number;
  slotsPerNode: number;
  requiredSlots: number;
  nodesNeeded: number;
  maxNodes: number;
  sample: PlannedTask[];
  program: Download[];
  sources: SourceSnapshot[];
}
