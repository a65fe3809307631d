import { isoSeconds, type OverlapPolicy, scheduleId, type ScheduleKey, ScheduleTimes } from '@windrow/contract';
import type {
  ScheduleDefinition,
  ScheduleDetails,
  ScheduleFacts,
  ScheduleGateway,
} from '../workflows/schedule-gateway';

interface Known {
  definition: ScheduleDefinition;
  paused: boolean;
  note?: string | undefined;
  remaining?: number | undefined;
}

/** Temporal's schedules in a map; nothing is ever started. */
export class FakeSchedules implements ScheduleGateway {
  readonly all = new Map<string, Known>();
  readonly calls: [string, ...unknown[]][] = [];
  /** Thrown once, by the next call that changes something. */
  failure: Error | undefined;

  async create(definition: ScheduleDefinition): Promise<void> {
    this.failOnce();
    if (this.all.has(scheduleId(definition))) return;
    const { paused = false, note, limitedRuns } = definition.body;
    this.all.set(scheduleId(definition), { definition, paused, note, remaining: limitedRuns });
  }

  async update(definition: ScheduleDefinition, runs?: number): Promise<boolean> {
    this.failOnce();
    const known = this.all.get(scheduleId(definition));
    if (!known) return false;
    this.all.set(scheduleId(definition), { ...known, definition, ...(runs !== undefined && { remaining: runs }) });
    return true;
  }

  async describe(key: ScheduleKey): Promise<ScheduleDetails | undefined> {
    const known = this.all.get(scheduleId(key));
    if (!known) return undefined;
    return {
      ...facts(known),
      revision: known.definition.revision,
      ...(known.remaining !== undefined && { remainingRuns: known.remaining }),
      counts: { started: 0, skippedByOverlap: 0, missed: 0, dropped: 0 },
    };
  }

  async list(workspace: string): Promise<Map<string, ScheduleFacts>> {
    const rows = [...this.all.values()].filter(({ definition }) => definition.workspace === workspace);
    return new Map(rows.map((known) => [known.definition.schedule, facts(known)]));
  }

  async pause(key: ScheduleKey, note: string): Promise<void> {
    this.all.set(scheduleId(key), { ...this.all.get(scheduleId(key))!, paused: true, note });
  }

  async resume(key: ScheduleKey, note: string): Promise<void> {
    this.all.set(scheduleId(key), { ...this.all.get(scheduleId(key))!, paused: false, note });
  }

  async trigger(_key: ScheduleKey, time: Date, overlap: OverlapPolicy): Promise<void> {
    this.calls.push(['trigger', isoSeconds(time), overlap]);
  }

  async backfill(_key: ScheduleKey, { from, to }: { from: Date; to: Date }, overlap: OverlapPolicy): Promise<void> {
    this.calls.push(['backfill', isoSeconds(from), isoSeconds(to), overlap]);
  }

  private failOnce(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }
}

function facts({ definition: { body }, paused, note }: Known): ScheduleFacts {
  const next = body.spec.blobArrival ? [] : new ScheduleTimes(body.spec).following(new Date(), 10).map(isoSeconds);
  return { paused, ...(note !== undefined && { note }), next };
}
