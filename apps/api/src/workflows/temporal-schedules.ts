import {
  type CalendarSpec,
  type Client,
  DAYS_OF_WEEK,
  encodeScheduleOverlapPolicy,
  MONTHS,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ARRIVAL_DEFAULTS,
  type CalendarEntry,
  type CalendarRange,
  DEFAULT_CATCH_UP,
  durationMs,
  isoSeconds,
  type OverlapPolicy,
  overlapOf,
  parseCron,
  scheduledRunId,
  scheduleId,
  type ScheduleKey,
  type ScheduleSpec,
  SearchAttribute,
  shortSummary,
  TaskQueue,
  WorkflowType,
} from '@windrow/contract';
import type { ScheduleDefinition, ScheduleDetails, ScheduleFacts, ScheduleGateway } from './schedule-gateway';

type Calling = <T>(call: () => Promise<T>) => Promise<T>;

const WORKSPACE = defineSearchAttributeKey(SearchAttribute.workspace, 'KEYWORD');
const POLICY: Record<OverlapPolicy, Exclude<ScheduleOverlapPolicy, undefined>> = {
  skip: ScheduleOverlapPolicy.SKIP,
  bufferOne: ScheduleOverlapPolicy.BUFFER_ONE,
  bufferAll: ScheduleOverlapPolicy.BUFFER_ALL,
  cancelOther: ScheduleOverlapPolicy.CANCEL_OTHER,
  terminateOther: ScheduleOverlapPolicy.TERMINATE_OTHER,
  allowAll: ScheduleOverlapPolicy.ALLOW_ALL,
};

export class TemporalSchedules implements ScheduleGateway {
  constructor(
    private readonly client: Client,
    private readonly calling: Calling,
  ) {}

  async create(definition: ScheduleDefinition): Promise<void> {
    const { limitedRuns, paused = false, note } = definition.body;
    const state = {
      paused,
      ...(note !== undefined && { note }),
      ...(limitedRuns !== undefined && { remainingActions: limitedRuns }),
    };
    await this.calling(async () => {
      try {
        await this.client.schedule.create({ ...optionsOf(definition), state });
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      }
    });
  }

  async update(definition: ScheduleDefinition, runs?: number): Promise<boolean> {
    const { scheduleId: _id, ...options } = optionsOf(definition);
    const { limitedRuns } = definition.body;
    const found = await this.found(() =>
      this.handle(definition).update(({ state: { remainingActions, ...state } }) => ({
        ...options,
        state: {
          ...state,
          // Where it had no limit before, and the change was cut short, the limit begins now.
          ...(limitedRuns !== undefined && { remainingActions: runs ?? remainingActions ?? limitedRuns }),
        },
      })),
    );
    return found !== undefined;
  }

  async describe(key: ScheduleKey): Promise<ScheduleDetails | undefined> {
    const found = await this.found(() => this.handle(key).describe());
    if (!found) return undefined;
    const { state, info, action, raw } = found[0];
    return {
      ...factsOf(state, info.nextActionTimes),
      revision: action.memo?.['revision'] as string | undefined,
      ...(state.remainingActions !== undefined && { remainingRuns: state.remainingActions }),
      counts: {
        started: info.numActionsTaken,
        skippedByOverlap: info.numActionsSkippedOverlap,
        missed: info.numActionsMissedCatchupWindow,
        dropped: Number(raw.info?.bufferDropped ?? 0),
      },
    };
  }

  async list(workspace: string): Promise<Map<string, ScheduleFacts>> {
    return this.calling(async () => {
      const all = new Map<string, ScheduleFacts>();
      const prefix = scheduleId({ workspace, schedule: '' });
      const query = `${SearchAttribute.workspace} = '${workspace}'`;
      for await (const { scheduleId: id, state, info } of this.client.schedule.list({ query })) {
        if (id.startsWith(prefix)) all.set(id.slice(prefix.length), factsOf(state, info.nextActionTimes));
      }
      return all;
    });
  }

  async pause(key: ScheduleKey, note: string): Promise<void> {
    await this.calling(() => this.handle(key).pause(note));
  }

  async resume(key: ScheduleKey, note: string): Promise<void> {
    await this.calling(() => this.handle(key).unpause(note));
  }

  /** The handle's own method knows no time, by which the run and its job are named. */
  async trigger(key: ScheduleKey, time: Date, overlap: OverlapPolicy): Promise<void> {
    const overlapPolicy = encodeScheduleOverlapPolicy(POLICY[overlap]);
    const scheduledTime = { seconds: Math.floor(time.getTime() / 1000) };
    await this.calling(() =>
      this.client.schedule.workflowService.patchSchedule({
        namespace: this.client.options.namespace,
        scheduleId: scheduleId(key),
        requestId: `${scheduleId(key)}/${isoSeconds(time)}/${overlap}`,
        patch: { triggerImmediately: { overlapPolicy, scheduledTime } as never },
      }),
    );
  }

  async backfill(key: ScheduleKey, { from, to }: { from: Date; to: Date }, overlap: OverlapPolicy): Promise<void> {
    await this.calling(() => this.handle(key).backfill({ start: from, end: to, overlap: POLICY[overlap] }));
  }

  private handle(key: ScheduleKey) {
    return this.client.schedule.getHandle(scheduleId(key));
  }

  /** In a list, so that nothing and a missing schedule are told apart. */
  private async found<T>(call: () => Promise<T>): Promise<[T] | undefined> {
    return this.calling(async () => {
      try {
        return [await call()] as [T];
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      }
    });
  }
}

function factsOf({ paused, note }: { paused: boolean; note?: string | undefined }, next: Date[]): ScheduleFacts {
  return { paused, ...(note && { note }), next: next.slice(0, 10).map(isoSeconds) };
}

function optionsOf({ workspace, schedule, uid, body, revision }: ScheduleDefinition): ScheduleOptions {
  const key = { workspace, schedule };
  const { spec } = body;
  const scan = spec.blobArrival !== undefined;
  return {
    scheduleId: scheduleId(key),
    spec: timesOf(spec),
    policies: {
      // Looks for blobs never overlap; what they submit goes by the policy.
      overlap: scan ? ScheduleOverlapPolicy.SKIP : POLICY[overlapOf(body)],
      catchupWindow: scan ? 10_000 : durationMs(body.catchUpWindow ?? DEFAULT_CATCH_UP),
    },
    typedSearchAttributes: [{ key: WORKSPACE, value: workspace }],
    action: {
      type: 'startWorkflow',
      workflowType: scan ? WorkflowType.arrivalScan : WorkflowType.scheduledRun,
      workflowId: scan ? `scan:${workspace}/${schedule}` : scheduledRunId(key),
      taskQueue: TaskQueue.control,
      args: [{ ...key, uid }],
      memo: { revision },
      typedSearchAttributes: [{ key: WORKSPACE, value: workspace }],
      staticSummary: shortSummary(body.displayName ?? `schedule ${schedule}`),
    },
  };
}

function timesOf(spec: ScheduleSpec): ScheduleOptions['spec'] {
  const { interval, blobArrival, cron = [], calendar = [], timeZone, start, end, jitter } = spec;
  const calendars = [
    ...cron.flatMap((expression) => {
      const entries = parseCron(expression);
      return typeof entries === 'string' ? [] : entries;
    }),
    ...calendar,
  ];
  const { every, offset } = blobArrival ? { every: blobArrival.every ?? ARRIVAL_DEFAULTS.every } : (interval ?? {});
  return {
    ...(calendars.length > 0 && { calendars: calendars.map(calendarSpec) }),
    ...(every !== undefined && {
      intervals: [{ every: durationMs(every), ...(offset !== undefined && { offset: durationMs(offset) }) }],
    }),
    ...(timeZone !== undefined && { timezone: timeZone }),
    // Of blobs `start` says how old they may be, not when to look for them.
    ...(start !== undefined && !blobArrival && { startAt: new Date(start) }),
    ...(end !== undefined && { endAt: new Date(end) }),
    ...(jitter !== undefined && { jitter: durationMs(jitter) }),
  };
}

function calendarSpec({ month, dayOfWeek, ...entry }: CalendarEntry): CalendarSpec {
  const numbers = Object.entries(entry).map(([field, ranges]) => [field, ranges.map((one) => rangeOf(one, (n) => n))]);
  return {
    ...(Object.fromEntries(numbers) as CalendarSpec),
    ...(month && { month: month.map((one) => rangeOf(one, (n) => MONTHS[n - 1]!)) }),
    ...(dayOfWeek && { dayOfWeek: dayOfWeek.map((one) => rangeOf(one, (n) => DAYS_OF_WEEK[n]!)) }),
  };
}

function rangeOf<T>(range: CalendarRange, unit: (n: number) => T): { start: T; end: T; step: number } {
  const { start, end = start, step = 1 } = typeof range === 'number' ? { start: range } : range;
  return { start: unit(start), end: unit(end), step };
}
