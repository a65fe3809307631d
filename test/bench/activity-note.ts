import type { ActivityTime } from './history';
import { median } from './statistics';

/** Where the time of like jobs goes, activity by activity, in the order of the last job. Several of one name stand apart. */
export function activityNote(label: string, jobs: ActivityTime[][]): string {
  const named = jobs.map(byName);
  const last = [...(named.at(-1)?.keys() ?? [])];
  const lines = last.map((name) => {
    const times = named.flatMap((job) => job.get(name) ?? []);
    const of = (pick: (time: ActivityTime) => number) => median(times.map(pick)).toFixed(0);
    return `${name} ${of(({ durationMs }) => durationMs)} (at ${of(({ startMs }) => startMs)})`;
  });
  return `${label}, activities of a job, median ms from scheduling to end (and when they begin): ${lines.join(', ')}.`;
}

function byName(times: ActivityTime[]): Map<string, ActivityTime> {
  const seen = new Map<string, number>();
  const result = new Map<string, ActivityTime>();
  for (const time of [...times].sort((a, b) => a.startMs - b.startMs)) {
    const count = (seen.get(time.name) ?? 0) + 1;
    seen.set(time.name, count);
    result.set(count > 1 ? `${time.name} ${count}` : time.name, time);
  }
  return result;
}
