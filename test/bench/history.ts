/** What a job's workflow left in Temporal: how long its history is, and how long each activity took. */
import type { JobRow } from '@windrow/contract';
import { jobWorkflowId } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';

export interface ActivityTime {
  name: string;
  /** Since the start of the workflow. */
  startMs: number;
  /** From scheduling to the end, as the workflow experiences it. */
  durationMs: number;
}

type Timestamp = { seconds?: { toString(): string } | null; nanos?: number | null } | null | undefined;

export async function historyLength(stack: TestStack, job: JobRow): Promise<number> {
  return (await stack.temporal.workflow.getHandle(jobWorkflowId(job)).describe()).historyLength;
}

export async function historyBytes(stack: TestStack, job: JobRow): Promise<number> {
  const { raw } = await stack.temporal.workflow.getHandle(jobWorkflowId(job)).describe();
  return Number(raw.workflowExecutionInfo?.historySizeBytes?.toString() ?? 0);
}

export async function activityTimes(stack: TestStack, job: JobRow): Promise<ActivityTime[]> {
  const { events } = await stack.temporal.workflow.getHandle(jobWorkflowId(job)).fetchHistory();
  const began = milliseconds(events?.[0]?.eventTime);
  const scheduled = new Map<string, { name: string; at: number }>();
  const times: ActivityTime[] = [];
  for (const event of events ?? []) {
    const at = milliseconds(event.eventTime);
    const asked = event.activityTaskScheduledEventAttributes;
    if (asked) scheduled.set(String(event.eventId), { name: asked.activityType?.name ?? '', at });
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskCanceledEventAttributes ??
      event.activityTaskFailedEventAttributes;
    const start = ended && scheduled.get(String(ended.scheduledEventId));
    if (start) times.push({ name: start.name, startMs: start.at - began, durationMs: at - start.at });
  }
  return times;
}

function milliseconds(time: Timestamp): number {
  return Number(time?.seconds?.toString() ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
