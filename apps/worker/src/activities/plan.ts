/** The plan phase: reads the input once, freezes it, and writes what will run before anything is created. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { PlanWriter } from '@windrow/storage';
import type { JobInput, JobPlan, JobProgress, JobSpec, PlannedTask, PlanResult, PlanSummary } from '@windrow/contract';
import {
  completeCleanup,
  completeExecution,
  isClusterReference,
  jobPaths,
  SHARD_SIZE,
  slotsPerNode,
  workspaceContainer,
} from '@windrow/contract';
import { InvalidInputError, planJobTasks, resolveProgram } from '../inputs';
import type { ActivityDeps } from './deps';
import { readSpec } from './job-files';

const SAMPLE = 3;
const PROGRESS_MS = 500;

export function createPlanActivities({ storage }: ActivityDeps) {
  const { blobs, catalogue } = storage;

  /** Idempotent: a plan that is whole is not made again. Heartbeats the number of tasks planned. */
  async function planJob(input: JobInput): Promise<JobPlan> {
    heartbeat();
    const container = workspaceContainer(input.workspace);
    const spec = await readSpec(blobs, input);
    const paths = jobPaths(input.uid);
    const existing = await blobs.readJsonIfPresent<PlanSummary>(container, paths.plan);
    if (existing) return jobPlan(spec, existing);
    const writer = new PlanWriter(blobs, container, input.uid, 'tasks');
    const summary = await readInput(input, spec, { stage: true, onTask: (task) => writer.add(task) });
    const { shards } = await writer.finish();
    const plan = { ...summary, shards };
    await blobs.writeJson(container, paths.plan, plan);
    return jobPlan(spec, plan);
  }

  /** As `planJob`, and leaves nothing behind. */
  async function planDryRun(input: JobInput): Promise<PlanResult> {
    heartbeat();
    const container = workspaceContainer(input.workspace);
    try {
      const spec = await readSpec(blobs, input);
      const summary = await readInput(input, spec, { stage: false, onTask: async () => undefined });
      return await planResult(input, spec, summary);
    } finally {
      await blobs.deletePrefix(container, jobPaths(input.uid).root);
    }
  }

  async function readInput(
    input: JobInput,
    spec: JobSpec,
    options: { stage: boolean; onTask: (task: PlannedTask) => Promise<void> },
  ): Promise<PlanSummary> {
    const reduce = spec.gather?.kind === 'reduce' ? spec.gather : undefined;
    const [program, reduceProgram] = await Promise.all([
      resolveProgram(spec.task.program ?? [], blobs, '$.task.program'),
      resolveProgram(reduce?.program ?? [], blobs, '$.gather.program'),
    ]);
    const sample: PlannedTask[] = [];
    let items = 0;
    let tasks = 0;
    let reported = Date.now();
    const reading = planJobTasks(spec, {
      blobs,
      container: workspaceContainer(input.workspace),
      uid: input.uid,
      signal: cancellationSignal(),
      stageItems: options.stage,
      progress: () => heartbeat(tasks),
    });
    for await (const task of reading.tasks) {
      items += task.items;
      tasks += 1;
      if (sample.length < SAMPLE) sample.push(task);
      await options.onTask(task);
      if (!options.stage || Date.now() - reported < PROGRESS_MS) continue;
      reported = Date.now();
      heartbeat(tasks);
      await catalogue.putJobProgress(input, planProgress(items));
    }
    if (tasks === 0 && !spec.allowEmpty) {
      throw new InvalidInputError({
        code: 'EmptyInput',
        path: '$.input',
        message:
          'The input holds no items, so there is nothing to run. Check its container, prefix and filters, or set allowEmpty.',
      });
    }
    return {
      items,
      tasks,
      shards: 0,
      shardSize: SHARD_SIZE,
      program,
      reduceProgram,
      sources: reading.sources(),
      sample,
    };
  }

  /** Slots come from the pool the job names; a cluster's are known to the catalogue. */
  async function planResult(input: JobInput, spec: JobSpec, plan: PlanSummary): Promise<PlanResult> {
    const requiredSlots = spec.task.requiredSlots ?? 1;
    const template = isClusterReference(spec.pool)
      ? (await catalogue.getCluster({ workspace: input.workspace, cluster: spec.pool.cluster }))?.template
      : spec.pool;
    const perNode = template ? slotsPerNode(template) : 1;
    const maxNodes = template?.nodes.max ?? 0;
    const parallel = Math.min(plan.tasks, spec.execution?.maxParallelTasks ?? Infinity);
    return {
      items: plan.items,
      tasks: plan.tasks,
      requiredSlots,
      slotsPerNode: perNode,
      nodesNeeded: Math.min(maxNodes, Math.ceil((parallel * requiredSlots) / perNode)),
      maxNodes,
      sample: plan.sample,
      program: plan.program,
      sources: plan.sources,
    };
  }

  return { planJob, planDryRun };
}

function planProgress(items: number): JobProgress {
  const counts = { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 };
  const updatedTime = new Date().toISOString();
  return { counts, progress: { done: items, total: 0, unit: 'items' }, nodeSeconds: 0, updatedTime };
}

function jobPlan(spec: JobSpec, plan: PlanSummary): JobPlan {
  return {
    items: plan.items,
    tasks: plan.tasks,
    shards: plan.shards,
    ...(spec.displayName !== undefined && { displayName: spec.displayName }),
    labels: spec.labels ?? {},
    requiredSlots: spec.task.requiredSlots ?? 1,
    pool: spec.pool,
    execution: completeExecution(spec.execution),
    gather: spec.gather ?? { kind: 'manifest' },
    cleanup: completeCleanup(spec),
  };
}
