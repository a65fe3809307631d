/** A wave is one Batch job: an attempt of the job's tasks (`1`, `2`, ...), or a level of its reduction (`r1`, ...). */
export function waveOf(attempt: number): string {
  return String(attempt);
}

/** The attempt a wave stands for; undefined for a level of a reduction. */
export function attemptOf(wave: string): number | undefined {
  return /^[1-9]\d*$/.test(wave) ? Number(wave) : undefined;
}

/** Each redrive reduces anew, in waves of its own: `r1x2` is the first level in the second redrive. */
export function reduceWave(level: number, redrive?: number): string {
  return redrive === undefined ? `r${level}` : `r${level}x${redrive}`;
}

/** The level of a reduction that a wave stands for; undefined for an attempt of the tasks. */
export function reduceLevelOf(wave: string): number | undefined {
  const level = /^r([1-9]\d*)(?:x[1-9]\d*)?$/.exec(wave)?.[1];
  return level === undefined ? undefined : Number(level);
}

/** The plan of a job's own tasks. */
export const TASKS_STAGE = 'tasks';

/** Name of the plan a wave's tasks come from, see `jobPaths.planShard`. */
export function planStageOf(wave: string): string {
  const level = reduceLevelOf(wave);
  return level === undefined ? TASKS_STAGE : `reduce-${level}`;
}
