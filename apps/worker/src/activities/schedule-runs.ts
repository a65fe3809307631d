/**
 * Records of the runs of schedules. A run's record is written before anything is made for it, and names the uid of its
 * job: whoever goes on after a crash makes that very job, and whoever asks for the same run later finds it there.
 */
import { randomBytes } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { RunEnd, Schedule, ScheduledInput, ScheduleRun } from '@windrow/contract';
import {
  activeRunPlace,
  DEFAULT_EXPERIMENT,
  isoSeconds,
  overlapOf,
  runJob,
  runName,
  runPlace,
  scheduledJobName,
  scheduledRunId,
  scheduleId,
  schedulePlace,
} from '@windrow/contract';
import { ScheduleNotFoundError } from '@temporalio/client';
import { ResourceMissingError } from '@windrow/storage';
import { createEnding } from './deletion-ending';
import type { ActivityDeps } from './deps';

export interface RunRef extends ScheduledInput {
  run: string;
}

const PAGE = 1000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export function createScheduleRuns(deps: ActivityDeps) {
  const { resources } = deps.storage;
  const { temporal } = deps;
  const ending = createEnding(deps);

  /** Undefined: it was deleted, or another one has its name. */
  async function findSchedule(input: ScheduledInput): Promise<Schedule | undefined> {
    const found = await resources.get<Schedule>(schedulePlace(input));
    const isSame = found?.value.uid === input.uid && found.value.provisioningState === 'succeeded';
    return isSame ? found.value : undefined;
  }

  async function findRun(ref: RunRef): Promise<ScheduleRun | undefined> {
    return (await resources.get<ScheduleRun>(runPlace(ref, ref.run)))?.value;
  }

  /** The run as it is now, made where it is not there; `more` is what is known of it. */
  async function ensureRun(
    ref: RunRef,
    { body }: Schedule,
    more: Pick<ScheduleRun, 'scheduledTime' | 'trigger' | 'job'>,
  ): Promise<ScheduleRun> {
    const known = await findRun(ref);
    if (known && !isRepeatable(known)) return known;
    const run: ScheduleRun = {
      ...more,
      state: 'starting',
      experiment: body.experiment ?? DEFAULT_EXPERIMENT,
      uid: randomUid(),
      startedTime: new Date().toISOString(),
    };
    // First, so that no run is there that is not among the active ones.
    await resources.put(activeRunPlace(ref, ref.run), {});
    if (known) return (await resources.replace(runPlace(ref, ref.run), run)).value;
    return (await resources.create(runPlace(ref, ref.run), run))?.value ?? (await findRun(ref)) ?? run;
  }

  /** The run that a nominal time, or what arrived, stands for; with its end where it is over, or where there is no schedule. */
  async function beginScheduledRun(
    input: ScheduledInput & ({ time: string } | { run: string }),
  ): Promise<{ run: string } | { end: RunEnd }> {
    const schedule = await findSchedule(input);
    if (!schedule) {
      const message = `There is no schedule '${input.schedule}' any more.`;
      return { end: { state: 'cancelled', error: { code: 'ScheduleDeleted', message } } };
    }
    const name = 'run' in input ? input.run : runName(new Date(input.time));
    const ref = { ...input, run: name };
    const run =
      'run' in input
        ? await findRun(ref)
        : await ensureRun(ref, schedule, {
            scheduledTime: isoSeconds(new Date(input.time)),
            trigger: { kind: 'time' },
            job: scheduledJobName(input.schedule, new Date(input.time)),
          });
    await settleTerminated(ref, schedule);
    if (!run) return { end: { state: 'cancelled' } };
    return isOver(run) ? { end: endOf(run) } : { run: name };
  }

  /**
   * Runs whose workflow was ended from outside, as `terminateOther` does: nobody waits for their jobs any more, which
   * are cancelled, since a terminated one would clean nothing up.
   */
  async function settleTerminated(ref: RunRef, { body }: Schedule): Promise<void> {
    if (overlapOf(body) !== 'terminateOther') return;
    for (const name of await activeRuns(ref)) {
      const other = { ...ref, run: name };
      const run = name === ref.run ? undefined : await findRun(other);
      if (!run || isOver(run) || (await isRunning(runWorkflowId(other, run)))) continue;
      const job = { ...runJob(ref, run), uid: run.uid, createdTime: run.startedTime };
      await ending.cancelJob(job);
      const error = { code: 'TerminatedByLaterRun', message: 'A later run of the schedule took its place.' };
      await writeEnd(other, { state: 'cancelled', error });
    }
  }

  /** Names of the runs that have not ended. */
  async function activeRuns(input: ScheduledInput): Promise<string[]> {
    const { kind, scope } = activeRunPlace(input, '');
    const { rows } = await resources.list({ kind, scope }, { pageSize: PAGE });
    return rows.map(({ name }) => name);
  }

  async function isRunning(workflowId: string): Promise<boolean> {
    try {
      return (await temporal().workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** Notes how the run ended, and pauses the schedule after a failure where it says so. */
  async function endScheduledRun({ end, ...ref }: RunRef & { end: RunEnd }): Promise<void> {
    await writeEnd(ref, end);
    if (end.state !== 'failed') return;
    const schedule = await findSchedule(ref);
    if (!schedule?.body.pauseOnFailure) return;
    const run = await findRun(ref);
    const job = end.job ?? run?.job ?? '';
    const words = `Paused because job '${job}' failed: ${end.error?.message ?? 'no reason given'}`;
    try {
      await temporal().schedule.getHandle(scheduleId(ref)).pause(words.slice(0, 1000));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  async function writeEnd(ref: RunRef, { state, error }: RunEnd): Promise<void> {
    const endTime = new Date().toISOString();
    try {
      await resources.change<ScheduleRun>(runPlace(ref, ref.run), (run) => ({
        ...run,
        state,
        endTime,
        ...(error && { error }),
      }));
    } catch (failure) {
      // Its schedule was deleted meanwhile.
      if (!(failure instanceof ResourceMissingError)) throw failure;
    }
    await forgetActive(ref);
  }

  async function forgetActive(ref: RunRef): Promise<void> {
    await resources.delete(activeRunPlace(ref, ref.run));
  }

  return { findSchedule, findRun, ensureRun, activeRuns, forgetActive, beginScheduledRun, endScheduledRun };
}

/** Workflow that sees to the run. */
export function runWorkflowId(ref: RunRef, run: ScheduleRun): string {
  const what = run.trigger.kind === 'time' ? run.scheduledTime : ref.run.slice(ref.run.indexOf('-') + 1);
  return `${scheduledRunId(ref)}-${what}`;
}

export function isOver({ state }: ScheduleRun): boolean {
  return state !== 'starting' && state !== 'running';
}

/** Its job never came to be: asked for again, it is made anew. */
function isRepeatable(run: ScheduleRun): boolean {
  return run.state === 'failed' && !run.created;
}

function endOf({ state, job, error }: ScheduleRun): RunEnd {
  return { state: state as RunEnd['state'], job, ...(error && { error }) };
}

function randomUid(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');
}
