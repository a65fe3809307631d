/** Reading what the plan phase froze. */
import type { BlobStore } from '@windrow/storage';
import type {
  CompleteTask,
  JobInput,
  JobSpec,
  MetricsSpec,
  PlanSummary,
  RedriveSpec,
  ReduceGather,
} from '@windrow/contract';
import {
  completeTask,
  DEFAULT_METRICS_FILE,
  jobPaths,
  redriven,
  TASKS_STAGE,
  workspaceContainer,
} from '@windrow/contract';
import type { TaskTemplate } from './batch-task';
import { plannedPackages } from './packages';

/** The job as this run has it: as it was submitted, with what its redrive changes. */
export async function readSpec(blobs: BlobStore, input: JobInput): Promise<JobSpec> {
  const [spec, redrive] = await Promise.all([
    blobs.readJson<JobSpec>(workspaceContainer(input.workspace), jobPaths(input.uid).spec),
    readRedrive(blobs, input),
  ]);
  return redriven(spec, redrive);
}

/** Empty for the first run, and for redrives that change nothing. */
export async function readRedrive(blobs: BlobStore, { workspace, uid, redrive }: JobInput): Promise<RedriveSpec> {
  if (redrive?.id === undefined) return {};
  return blobs.readJson<RedriveSpec>(workspaceContainer(workspace), jobPaths(uid).redrive(redrive.id));
}

export async function readPlan(blobs: BlobStore, input: JobInput): Promise<PlanSummary> {
  return blobs.readJson<PlanSummary>(workspaceContainer(input.workspace), jobPaths(input.uid).plan);
}

/** `stage` as {@link planStageOf} gives it. */
export function templateOf(spec: JobSpec, plan: PlanSummary, stage: string): TaskTemplate {
  const task = completeTask(spec.task);
  if (stage === TASKS_STAGE) return taskTemplate(task, plan, spec.metrics);
  const reduce = spec.gather as ReduceGather;
  return {
    commandLine: reduce.commandLine,
    environment: reduce.environment ?? {},
    program: plan.reduceProgram,
    packages: plannedPackages(plan.reducePackages, reduce.program),
    // A pool of containers runs nothing else.
    ...(task.container && { container: task.container }),
    outputs: reduce.outputs ?? task.outputs,
    requiredSlots: reduce.requiredSlots ?? 1,
    timeout: reduce.timeout ?? task.timeout,
    retries: reduce.retries ?? task.retries,
  };
}

function taskTemplate(task: CompleteTask, plan: PlanSummary, metrics: MetricsSpec | undefined): TaskTemplate {
  const { commandLine, environment = {}, container, instances, coordinationCommandLine, resultFile } = task;
  const metricsFile = metrics && (metrics.file ?? DEFAULT_METRICS_FILE);
  const carried = [...new Set([resultFile, metricsFile])].filter((file) => file !== undefined);
  const { requiredSlots, timeout, retries } = task;
  return {
    ...{ commandLine, environment, requiredSlots, timeout, retries },
    program: plan.program,
    packages: plannedPackages(plan.packages, task.program),
    outputs: [...task.outputs, ...carried.map((pattern) => ({ pattern }))],
    ...(container && { container }),
    ...(instances !== undefined && { instances }),
    ...(coordinationCommandLine !== undefined && { coordinationCommandLine }),
  };
}
