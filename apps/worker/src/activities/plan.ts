/** The plan phase: reads the input once, freezes it, and writes what will run before anything is created. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { PlanWriter } from '@windrow/storage';
import type { JobInput, JobPlan, JobProgress, JobSpec, PlannedTask, PlanResult, PlanSummary } from '@windrow/contract';
import {
  completeCleanup,
  isClusterReference,
  jobPaths,
  PLAN_LIVE,
  SHARD_SIZE,
  slotsPerNode,
  TASKS_STAGE,
  taskSlots,
  workspaceContainer,
} from '@windrow/contract';
import { freezeSources, mapItems, planTasks, readItems, resolveProgram } from '../inputs';
import type { ReadProgress } from '../inputs';
import { checkAgainstPlan } from './dependencies';
import type { ActivityDeps } from './deps';
import { estimateOf } from './estimate';
import { readSpec } from './job-files';
import { jobPlan } from './job-plan';
import { markRunning } from './leftovers';
import { resolvePackages } from './packages';
import { beating } from './poll';
import { readQuotas } from './quotas';

const SAMPLE = 3;
const PROGRESS_MS = 500;

export function createPlanActivities({ storage, prices, deployment, defaultQuotas = {} }: ActivityDeps) {
  const { blobs, catalogue } = storage;

  /** Idempotent: a plan that is whole is not made again. Heartbeats the number of tasks planned. */
  async function planJob(input: JobInput): Promise<JobPlan> {
    heartbeat();
    const container = workspaceContainer(input.workspace);
    const spec = await readSpec(blobs, input);
    const paths = jobPaths(input.uid);
    const existing = await blobs.readJsonIfPresent<PlanSummary>(container, paths.plan);
    if (existing) return jobPlan(spec, existing, await readQuotas(storage.resources, input.workspace, defaultQuotas));
    await markRunning(blobs, deployment, input, completeCleanup(spec));
    const writer = new PlanWriter(blobs, container, input.uid, TASKS_STAGE);
    const summary = await beating(() => readInput(input, spec, { stage: true, onTask: (task) => writer.add(task) }));
    const { shards } = await writer.finish();
    const plan = { ...summary, shards };
    await blobs.writeJson(container, paths.plan, plan);
    return jobPlan(spec, plan, await readQuotas(storage.resources, input.workspace, defaultQuotas));
  }

  /** As `planJob`, and leaves nothing behind. */
  async function planDryRun(input: JobInput): Promise<PlanResult> {
    heartbeat();
    const container = workspaceContainer(input.workspace);
    try {
      const spec = await readSpec(blobs, input);
      const summary = await beating(() => readInput(input, spec, { stage: false, onTask: async () => undefined }));
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
    const [program, reduceProgram, packages, reducePackages] = await Promise.all([
      resolveProgram(spec.task.program ?? [], blobs, '$.task.program'),
      resolveProgram(reduce?.program ?? [], blobs, '$.gather.program'),
      resolvePackages(input.workspace, spec.task.program, storage.resources, '$.task.program'),
      resolvePackages(input.workspace, reduce?.program, storage.resources, '$.gather.program'),
    ]);
    const programs = { program, reduceProgram, packages, reducePackages };
    const sources = await freezeSources(spec.input, blobs);
    const sample: PlannedTask[] = [];
    let items = 0;
    let tasks = 0;
    let reported = Date.now();
    let reporting = Promise.resolve();
    const progress = (done: ReadProgress) => {
      heartbeat(tasks);
      if (!options.stage || Date.now() - reported < PROGRESS_MS) return;
      reported = Date.now();
      // Progress is for people: a lost one is made up for by the next, and reading does not wait for it.
      reporting = reporting
        .then(() => catalogue.putJobProgress(input, planProgress(done.items)))
        .catch(() => undefined);
    };
    const reading = readItems(spec.input, {
      blobs,
      sources,
      progress,
      signal: cancellationSignal(),
      ...(spec.sample && { sample: spec.sample }),
      ...(spec.maxItems !== undefined && { maxItems: spec.maxItems }),
    });
    const context = { blobs, container: workspaceContainer(input.workspace), uid: input.uid, dryRun: !options.stage };
    for await (const task of planTasks(spec, mapItems(reading, spec), context)) {
      items += task.items;
      tasks += 1;
      if (sample.length < SAMPLE) sample.push(task);
      await options.onTask(task);
    }
    await reporting;
    checkAgainstPlan(spec.task.dependsOn, tasks);
    return { items, tasks, shards: 0, shardSize: SHARD_SIZE, ...programs, sources, sample };
  }

  /** Slots come from the pool the job names; a cluster's are known to the catalogue. */
  async function planResult(input: JobInput, spec: JobSpec, plan: PlanSummary): Promise<PlanResult> {
    const requiredSlots = taskSlots(spec.task);
    const template = isClusterReference(spec.pool)
      ? (await catalogue.getCluster({ workspace: input.workspace, cluster: spec.pool.cluster }))?.template
      : spec.pool;
    const estimate = estimateOf(spec, plan.tasks, template, prices);
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
      ...(estimate && { estimate }),
    };
  }

  return { planJob, planDryRun };
}

function planProgress(items: number): JobProgress {
  const counts = { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 };
  const updatedTime = new Date().toISOString();
  return { live: PLAN_LIVE, counts, progress: { done: items, total: 0, unit: 'items' }, nodeSeconds: 0, updatedTime };
}
