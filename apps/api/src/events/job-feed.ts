import { isTerminal, type JobRow } from '@windrow/contract';
import { changes, digestOf, type JobEvent, present } from './job-changes';
import { type EventId, EventIds, formatId } from './event-id';

/** An event with its id. One object for all watchers. */
export type NumberedEvent = JobEvent & { id: string };

export interface Watcher {
  tell(events: readonly NumberedEvent[]): void;
  /** There will be no more: the job has ended, or is gone. */
  close(): void;
}

/** Reads the job: `cheap` is one read of its row, the other looks it up anew. Undefined: it is gone. */
export interface JobSource {
  cheap(): Promise<JobRow | undefined>;
  thorough(): Promise<JobRow | undefined>;
}

/** Events that are kept for watchers that come back. */
const KEPT = 200;
const POLL_MS = 1000;
/** After a read that failed. */
const PATIENT_POLL_MS = 5000;
/** So often it is asked, too, whether the job is still there, and its workflow runs. */
const THOROUGH_MS = 30_000;

/** The changes of one job, read once for all who watch it. Reads while somebody does, and no longer. */
export class JobFeed {
  private readonly watchers = new Set<Watcher>();
  private readonly ids = new EventIds();
  private readonly kept: NumberedEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looked = Date.now();

  /** `left`: nobody watches it any more, or it is over. */
  constructor(
    private row: JobRow,
    private readonly source: JobSource,
    private readonly left: () => void,
  ) {}

  get over(): boolean {
    return isTerminal(this.row.state);
  }

  get idle(): boolean {
    return this.watchers.size === 0;
  }

  /** Whether a watcher that saw this has seen all there will be. */
  isOverAt(last: EventId | undefined): boolean {
    return this.over && last?.end === true && last.digest === digestOf(this.row);
  }

  /** Tells what is different since `last`, or how the job stands, and from then on what changes. */
  join(watcher: Watcher, last?: EventId): void {
    this.watchers.add(watcher);
    this.schedule(POLL_MS);
    watcher.tell(this.since(last));
    if (this.over) this.end();
  }

  leave(watcher: Watcher): void {
    if (!this.watchers.delete(watcher) || this.watchers.size > 0) return;
    this.stop();
    this.left();
  }

  /** How the job stands, for a watcher that could not keep up. */
  standing(): NumberedEvent[] {
    return this.numbered(present(this.row));
  }

  /** What a row that was read brings; undefined: the job is gone. */
  take(row: JobRow | undefined): void {
    if (!row || row.uid !== this.row.uid) return this.end();
    const events = this.numbered(changes(this.row, row), row);
    this.row = row;
    if (events.length === 0) return;
    this.kept.push(...events);
    this.kept.splice(0, this.kept.length - KEPT);
    for (const watcher of [...this.watchers]) watcher.tell(events);
    if (this.over) this.end();
  }

  private since(last: EventId | undefined): readonly NumberedEvent[] {
    if (!last) return this.standing();
    const known = this.kept.findIndex(({ id }) => id === formatId(last));
    if (known >= 0) return this.kept.slice(known + 1);
    this.ids.atLeast(last);
    const hasAll = last.digest === digestOf(this.row);
    return hasAll ? this.standing().filter(({ type }) => type === 'end') : this.standing();
  }

  private numbered(events: JobEvent[], row = this.row): NumberedEvent[] {
    const digest = digestOf(row);
    return events.map((event, n) => {
      const whole = n === events.length - 1 ? { digest } : {};
      const id = { ...this.ids.next(Date.parse(row.updatedTime)), ...whole, end: event.type === 'end' };
      return { ...event, id: formatId(id) };
    });
  }

  private schedule(ms: number): void {
    if (this.timer || this.over) return;
    this.timer = setTimeout(() => void this.poll(), ms);
  }

  private async poll(): Promise<void> {
    let next = POLL_MS;
    try {
      const thorough = Date.now() - this.looked >= THOROUGH_MS;
      const row = await (thorough ? this.source.thorough() : this.source.cheap());
      if (thorough) this.looked = Date.now();
      if (this.watchers.size > 0) this.take(row);
    } catch {
      // Watchers stay: what they missed they are told when the store answers again.
      next = PATIENT_POLL_MS;
    }
    this.timer = undefined;
    if (this.watchers.size > 0) this.schedule(next);
  }

  private end(): void {
    this.stop();
    for (const watcher of [...this.watchers]) watcher.close();
    this.watchers.clear();
    this.left();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
