import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleOptions } from '@temporalio/client';
import { SWEEPER_ID, TaskQueue, WorkflowType } from '@windrow/contract';
import type { SweeperInput } from '@windrow/contract';

export interface SweeperConfig {
  /** Between two rounds; 0: no sweeper. Milliseconds. */
  intervalMs: number;
  graceMs: number;
}

/** Has Temporal start the sweeper again and again; one that is there already takes over what the configuration says. */
export async function scheduleSweeper(client: Client, { intervalMs, graceMs }: SweeperConfig): Promise<void> {
  const handle = client.schedule.getHandle(SWEEPER_ID);
  if (intervalMs === 0) return handle.pause('switched off by configuration').catch(() => undefined);
  const input: SweeperInput = { graceMs };
  const options: ScheduleOptions = {
    scheduleId: SWEEPER_ID,
    spec: { intervals: [{ every: intervalMs }] },
    // A round that missed its time is of no use: the next one sees the same.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    action: {
      type: 'startWorkflow',
      workflowType: WorkflowType.sweeper,
      workflowId: SWEEPER_ID,
      taskQueue: TaskQueue.control,
      args: [input],
      workflowExecutionTimeout: '2h',
    },
  };
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update(({ state }) => ({ ...options, state: { ...state, paused: false } }));
  }
}
