/** The plan phase of a redrive: the plan stays as it is; which of its tasks are to run is decided here. */
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Ledger } from '@windrow/storage';
import type { JobInput, JobPlan, JobSpec, PlannedTask, PlanSummary, RedriveChoice } from '@windrow/contract';
import {
  attemptOf,
  completeCleanup,
  failedToGather,
  FailureType,
  formatRetryLine,
  jobPaths,
  TASKS_STAGE,
  workspaceContainer,
} from '@windrow/contract';
import { changedInputs, InvalidInputError, RedrivenValues } from '../inputs';
import { foldLedger } from '../results';
import { Dependencies } from './dependencies';
import type { ActivityDeps } from './deps';
import { readPlan, readRedrive, readSpec } from './job-files';
import { jobPlan } from './job-plan';
import { markRunning } from './leftovers';
import { beating } from './poll';
import { readQuotas } from './quotas';
import { chooseRedriven, redriveFilter } from './redrive-choice';
import type { ChosenTasks, RedriveFilter } from './redrive-choice';
import { clearRemains } from './remains';
import { readTasks, readTaskSet } from './task-source';

/** Changed inputs that a message names. */
const NAMED = 5;

export function createRedriveActivities(deps: ActivityDeps) {
  const { blobs } = deps.storage;

  /**
   * Idempotent within a run. Nothing of the runs before is lost when it refuses.
   * Fails with `NothingToRedrive`, or `InvalidJob` (`InputChanged`, `InvalidTemplate`).
   */
  async function planRedrive(input: JobInput): Promise<{ plan: JobPlan; choice: RedriveChoice }> {
    heartbeat();
    return beating(async () => {
      const container = workspaceContainer(input.workspace);
      const paths = jobPaths(input.uid);
      const { runId } = activityInfo().workflowExecution!;
      const [spec, summary] = await Promise.all([readSpec(blobs, input), readPlan(blobs, input)]);
      const quotas = await readQuotas(deps.storage.resources, input.workspace, deps.defaultQuotas ?? {});
      const plan = jobPlan(spec, summary, quotas);
      const file = paths.redriveChoice(input.redrive!.number);
      const known = await blobs.readJsonIfPresent<RedriveChoice & { runId: string }>(container, file);
      if (known?.runId === runId) return { plan, choice: known };
      const cleanup = completeCleanup(spec);
      await markRunning(blobs, deps.deployment, input, cleanup);
      const latest = await clearRemains(deps, input);
      const { chosen, ...left } = await choose(input, spec, summary);
      if (chosen.length === 0 && !failedToGather(input.redrive!.ended ?? {})) throw nothingToRedrive(left);
      const wave = await nextWave(input, latest);
      const blob = paths.retryList(wave);
      await blobs.writeText(container, blob, chosen.map((line) => `${formatRetryLine(line)}\n`).join(''));
      if (chosen.length > 0) await refuseChanged(input, spec, { blob, tasks: chosen.length });
      // What the runs before made of all tasks together; the outputs of the tasks themselves stay.
      for (const prefix of [paths.results, paths.reductions]) await blobs.deletePrefix(container, prefix);
      const { succeeded, failed, skipped } = left;
      const choice = { wave, tasks: chosen.length, blob, succeeded, failed, skipped };
      await blobs.writeJson(container, file, { ...choice, runId });
      return { plan, choice };
    });
  }

  /** How many failures this automatic redrive would run again: without any it need not begin. */
  async function countRedrivable(input: JobInput): Promise<number> {
    heartbeat();
    return beating(async () => {
      const [spec, summary] = await Promise.all([readSpec(blobs, input), readPlan(blobs, input)]);
      return (await choose(input, spec, summary)).causes;
    });
  }

  async function choose(input: JobInput, spec: JobSpec, { tasks }: PlanSummary): Promise<ChosenTasks> {
    const ledger = new Ledger(blobs, workspaceContainer(input.workspace), input.uid);
    const outcomes = await foldLedger(ledger, tasks, cancellationSignal());
    const isMeant = redriveFilter(await filterFor(input, spec));
    return chooseRedriven(outcomes, isMeant, new Dependencies(spec.task.dependsOn));
  }

  async function filterFor(input: JobInput, spec: JobSpec): Promise<RedriveFilter> {
    const { id, number, automatic } = input.redrive!;
    if (automatic === 0) {
      const { filter } = await readRedrive(blobs, input);
      return filter ? { filter } : {};
    }
    const onlyIf = spec.execution?.autoRedrive?.onlyIf ?? {};
    if (automatic === 1 && id === undefined) return { onlyIf };
    const container = workspaceContainer(input.workspace);
    const before = await blobs.readJson<RedriveChoice>(container, jobPaths(input.uid).redriveChoice(number - 1));
    return { onlyIf, among: await readTaskSet(blobs, container, before.blob) };
  }

  /** Above all waves of the runs before. Lists of waves that never began are deleted: nobody is to take them for ours. */
  async function nextWave({ workspace, uid }: JobInput, latestInBatch: number): Promise<number> {
    const container = workspaceContainer(workspace);
    const waves = await new Ledger(blobs, container, uid).waves();
    const wave = 1 + Math.max(latestInBatch, ...waves.map((name) => attemptOf(name) ?? 0));
    const { retryLists } = jobPaths(uid);
    for await (const { name } of blobs.list(container, { prefix: retryLists })) {
      if (Number.parseInt(name.slice(retryLists.length), 10) >= wave) await blobs.delete(container, name);
    }
    return wave;
  }

  /** Before anything starts: the inputs are what the first run read, and what is changed can be expanded. */
  async function refuseChanged(
    input: JobInput,
    spec: JobSpec,
    { blob, tasks }: Pick<RedriveChoice, 'blob' | 'tasks'>,
  ): Promise<void> {
    const container = workspaceContainer(input.workspace);
    const values = new RedrivenValues(spec, await readRedrive(blobs, input), blobs, container);
    const source = { kind: 'list', stage: TASKS_STAGE, blob, from: 0, to: tasks } as const;
    async function* planned(): AsyncGenerator<PlannedTask> {
      for await (const chunk of readTasks(blobs, container, input.uid, source, 0)) {
        for (const task of chunk.tasks) {
          await values.of(task.planned);
          yield task.planned;
        }
      }
    }
    const changed = await changedInputs(planned(), blobs, { limit: NAMED, signal: cancellationSignal() });
    if (changed.length === 0) return;
    const names = changed.map((one) => `${one.container}/${one.blob} (${one.change})`).join(', ');
    throw new InvalidInputError(
      'InputChanged',
      `Inputs are not what they were when the job was planned: ${names}${changed.length === NAMED ? ', and maybe more' : ''}. Put them back, leave their tasks out with $.filter.tasks, or submit the job anew.`,
      { path: '$.input' },
    );
  }

  return { planRedrive, countRedrivable };
}

function nothingToRedrive({ succeeded, failed, skipped }: Omit<ChosenTasks, 'chosen'>): ApplicationFailure {
  const message = `None of the ${failed} tasks that failed and ${skipped} that never ran can be run: the filter matches none of them, or they depend on tasks that it leaves out. ${succeeded} tasks had succeeded. Correct the filter, or redrive without one.`;
  return ApplicationFailure.nonRetryable(message, FailureType.nothingToRedrive);
}
