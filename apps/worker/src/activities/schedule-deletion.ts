/** Deleting schedules: Temporal's first, so that nothing is started any more; then the runs, last the schedule itself. */
import { ScheduleNotFoundError } from '@temporalio/client';
import type { Schedule, ScheduledInput } from '@windrow/contract';
import {
  activeRunPlace,
  arrivalLog,
  arrivalPlace,
  runPlace,
  scheduleId,
  schedulePlace,
  workspaceContainer,
} from '@windrow/contract';
import { Lanes } from '@windrow/storage';
import type { ActivityDeps } from './deps';
import { beating } from './poll';

const PAGE = 1000;
const LANES = 16;

export function createScheduleDeletionActivities({ storage, temporal }: ActivityDeps) {
  const { resources, blobs } = storage;

  /** Jobs that it made stay. One of the same name that was made since is left alone. */
  async function deleteSchedule(input: ScheduledInput): Promise<void> {
    await beating(async () => {
      const found = await resources.get<Schedule>(schedulePlace(input));
      if (found?.value.uid === input.uid) await deleteTimes(input);
      await deleteAll(runPlace(input, ''));
      await deleteAll(activeRunPlace(input, ''));
      await deleteAll(arrivalPlace(input, ''));
      await blobs.delete(workspaceContainer(input.workspace), arrivalLog(input.uid));
      if (found?.value.uid === input.uid) await resources.delete(schedulePlace(input));
    });
  }

  async function deleteSchedules({ workspace }: { workspace: string }): Promise<{ removed: number }> {
    let removed = 0;
    for (;;) {
      const { kind, scope } = schedulePlace({ workspace, schedule: '' });
      const { rows } = await resources.list<Schedule>({ kind, scope }, { pageSize: PAGE });
      if (rows.length === 0) return { removed };
      for (const { name, value } of rows) await deleteSchedule({ workspace, schedule: name, uid: value.uid });
      removed += rows.length;
    }
  }

  async function deleteTimes(input: ScheduledInput): Promise<void> {
    try {
      await temporal().schedule.getHandle(scheduleId(input)).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  async function deleteAll({ kind, scope }: { kind: string; scope: string[] }): Promise<void> {
    for (;;) {
      const { rows } = await resources.list({ kind, scope }, { pageSize: PAGE });
      if (rows.length === 0) return;
      const lanes = new Lanes(LANES);
      for (const { name } of rows) await lanes.run(() => resources.delete({ kind, scope, name }));
      await lanes.drain();
    }
  }

  return { deleteSchedule, deleteSchedules };
}
