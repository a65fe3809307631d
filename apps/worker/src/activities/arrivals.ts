/**
 * Looking for blobs that arrived. What has its run is told by the run's record, whose name follows from the blob alone;
 * the list of fingerprints beside it only spares looking each of them up.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Schedule, ScheduledInput, ScheduleRun } from '@windrow/contract';
import {
  ARRIVAL_DEFAULTS,
  arrivalJobName,
  arrivalLog,
  arrivalPlace,
  isoSeconds,
  overlapOf,
  runName,
  scheduledRunId,
  TaskQueue,
  WorkflowType,
  workspaceContainer,
} from '@windrow/contract';
import type { Arrival } from './arrival-list';
import { listArrivals } from './arrival-list';
import type { ActivityDeps } from './deps';
import { beating } from './poll';
import { createScheduleRuns, isOver } from './schedule-runs';

export function createArrivalActivities(deps: ActivityDeps) {
  const { blobs, resources } = deps.storage;
  const { findSchedule, ensureRun, activeRuns, findRun, forgetActive } = createScheduleRuns(deps);

  /** Starts a run for what arrived and has none, as many as may run at a time; the rest waits for a later look. */
  async function scanArrivals(input: ScheduledInput): Promise<{ submitted: number }> {
    return beating(async () => {
      const schedule = await findSchedule(input);
      const arrival = schedule?.body.spec.blobArrival;
      if (!schedule || !arrival) return { submitted: 0 };
      const container = workspaceContainer(input.workspace);
      const room = roomOf(schedule) - (await running(input));
      if (room <= 0) return { submitted: 0 };
      const log = (await blobs.readTextIfPresent(container, arrivalLog(input.uid))) ?? '';
      const known = new Set(log.split('\n').filter(Boolean));
      const found = await listArrivals(blobs, schedule, { known, most: room, now: Date.now() });
      for (const one of found) await submit(input, schedule, one);
      if (found.length > 0) {
        for (const { mark } of found) known.add(mark);
        await blobs.ensureContainer(container);
        await blobs.writeText(container, arrivalLog(input.uid), [...known].join('\n'));
      }
      return { submitted: found.length };
    });
  }

  /** Runs that have not ended. Of one whose workflow was not started, because a worker died, it is started. */
  async function running(input: ScheduledInput): Promise<number> {
    let count = 0;
    for (const name of await activeRuns(input)) {
      const ref = { ...input, run: name };
      const run = await findRun(ref);
      if (run && !isOver(run)) {
        if (run.state === 'starting') await startRun(input, name);
        count += 1;
      } else {
        await forgetActive(ref);
      }
    }
    return count;
  }

  async function submit(input: ScheduledInput, schedule: Schedule, { time, mark, trigger }: Arrival): Promise<void> {
    const place = arrivalPlace(input, mark);
    const decided = await resources.create(place, { run: runName(time, mark) });
    const { run: name } = (decided ?? (await resources.get<{ run: string }>(place)))!.value;
    const run: ScheduleRun = await ensureRun({ ...input, run: name }, schedule, {
      scheduledTime: isoSeconds(time),
      trigger,
      job: arrivalJobName(input.schedule, mark),
    });
    if (!isOver(run)) await startRun(input, name);
  }

  async function startRun(input: ScheduledInput, name: string): Promise<void> {
    try {
      await deps.temporal().workflow.start(WorkflowType.scheduledRun, {
        workflowId: `${scheduledRunId(input)}-${name.slice(name.indexOf('-') + 1)}`,
        taskQueue: TaskQueue.control,
        args: [input, name],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  return { scanArrivals };
}

function roomOf({ body }: Schedule): number {
  const { maxActiveJobs, maxJobsPerScan } = { ...ARRIVAL_DEFAULTS, ...body.spec.blobArrival };
  return overlapOf(body) === 'bufferAll' ? 1 : Math.min(maxActiveJobs, maxJobsPerScan);
}
