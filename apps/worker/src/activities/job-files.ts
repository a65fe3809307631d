/** Reading what the plan phase froze. */
import type { BlobStore } from '@windrow/storage';
import type { JobInput, JobSpec, PlanSummary, ReduceGather } from '@windrow/contract';
import { completeTask, jobPaths, workspaceContainer } from '@windrow/contract';
import type { TaskTemplate } from './batch-task';

export async function readSpec(blobs: BlobStore, input: JobInput): Promise<JobSpec> {
  return blobs.readJson<JobSpec>(workspaceContainer(input.workspace), jobPaths(input.uid).spec);
}

export async function readPlan(blobs: BlobStore, input: JobInput): Promise<PlanSummary> {
  return blobs.readJson<PlanSummary>(workspaceContainer(input.workspace), jobPaths(input.uid).plan);
}

/** `stage` is `tasks` or `reduce-n`. */
export function templateOf(spec: JobSpec, plan: PlanSummary, stage: string): TaskTemplate {
  const task = completeTask(spec.task);
  if (stage === 'tasks') return { ...task, environment: task.environment ?? {}, program: plan.program };
  const reduce = spec.gather as ReduceGather;
  return {
    commandLine: reduce.commandLine,
    environment: reduce.environment ?? {},
    program: plan.reduceProgram,
    outputs: reduce.outputs ?? task.outputs,
    requiredSlots: reduce.requiredSlots ?? 1,
    timeout: reduce.timeout ?? task.timeout,
    retries: reduce.retries ?? task.retries,
  };
}
