import type { OverlapPolicy, ScheduleBody, ScheduledInput, ScheduleKey } from '@windrow/contract';

/** What Temporal has to know of a schedule. */
export interface ScheduleDefinition extends ScheduledInput {
  body: ScheduleBody;
  /** Fingerprint of what is stored: tells whether Temporal has the newest. */
  revision: string;
}

/** How a schedule stands, as Temporal tells. */
export interface ScheduleFacts {
  paused: boolean;
  note?: string;
  /** The next times, ten at most (ISO 8601). */
  next: string[];
}

export interface ScheduleDetails extends ScheduleFacts {
  revision: string | undefined;
  /** Runs that are left of `limitedRuns`. */
  remainingRuns?: number;
  counts: { started: number; skippedByOverlap: number; missed: number; dropped: number };
}

/** The schedules of Temporal, which is the truth for when. Each throws DependencyUnavailableError when it does not answer. */
export interface ScheduleGateway {
  /** Nothing happens when it is there. */
  create(definition: ScheduleDefinition): Promise<void>;
  /** Brings what changed; whether it is paused stays. `runs`: how many are left from now on. False: it is not there. */
  update(definition: ScheduleDefinition, runs?: number): Promise<boolean>;
  /** Undefined: there is none. */
  describe(key: ScheduleKey): Promise<ScheduleDetails | undefined>;
  /** Those of a workspace by name, a moment out of date. */
  list(workspace: string): Promise<Map<string, ScheduleFacts>>;
  pause(key: ScheduleKey, note: string): Promise<void>;
  resume(key: ScheduleKey, note: string): Promise<void>;
  trigger(key: ScheduleKey, time: Date, overlap: OverlapPolicy): Promise<void>;
  backfill(key: ScheduleKey, range: { from: Date; to: Date }, overlap: OverlapPolicy): Promise<void>;
}
