const DURATION = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration in days, hours, minutes and seconds; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}

/** As {@link parseDuration}, for text that was validated at the edge. Throws RangeError otherwise. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new RangeError(`'${text}' is not an ISO 8601 duration such as PT30M or P1D.`);
  return ms;
}

/** ISO 8601 text of a number of milliseconds, in seconds (`PT90S`), which every consumer of durations reads. */
export function formatDuration(ms: number): string {
  return `PT${ms / 1000}S`;
}

const SIZE = /^(\d+)(B|KiB|MiB|GiB)?$/;
const UNIT = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** Bytes of a size such as `64MiB`; undefined when it is not one. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNIT[(match[2] ?? 'B') as keyof typeof UNIT];
}
