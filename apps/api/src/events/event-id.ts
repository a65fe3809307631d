/**
 * Ids of events: `{milliseconds}-{number}-{digest}`, rising within a job. Time and digest are those of the job's row, so
 * that another process, too, can tell whether a watcher has missed something. The digest stands only where what was told
 * so far is all there is to tell; `end` in its place: the stream was over.
 */
export interface EventId {
  time: number;
  number: number;
  /** Of the row that has been told in full. */
  digest?: string;
  /** The stream was over with it. */
  end?: boolean;
}

const FORM = /^(\d{1,15})-(\d{1,9})(?:-([0-9a-f]{12})(-end)?)?$/;
/** An id from further ahead is none of ours. Milliseconds. */
const CLOCK_SKEW_MS = 60_000;

export function formatId({ time, number, digest, end }: EventId): string {
  return [time, number, ...(digest === undefined ? [] : [digest]), ...(end ? ['end'] : [])].join('-');
}

/** Undefined for what is no id of ours. */
export function parseId(text: string | undefined, now = Date.now()): EventId | undefined {
  const match = FORM.exec(text ?? '');
  if (!match) return undefined;
  const [, time, number, digest, end] = match;
  if (Number(time) > now + CLOCK_SKEW_MS) return undefined;
  return {
    time: Number(time),
    number: Number(number),
    ...(digest !== undefined && { digest }),
    ...(end !== undefined && { end: true }),
  };
}

/** Gives ids that rise, whatever the times do that it is given. */
export class EventIds {
  private last = { time: 0, number: 0 };

  /** Later ids are above this one. */
  atLeast({ time, number }: EventId): void {
    if (time > this.last.time || (time === this.last.time && number > this.last.number)) this.last = { time, number };
  }

  next(time: number): EventId {
    this.last = time > this.last.time ? { time, number: 0 } : { ...this.last, number: this.last.number + 1 };
    return { ...this.last };
  }
}
