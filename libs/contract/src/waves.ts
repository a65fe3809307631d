/** A wave is one Batch job: an attempt of the job's tasks (`1`, `2`, ...), or a level of its reduction (`r1`, ...). */
export function waveOf(attempt: number): string {
  return String(attempt);
}

/** The attempt a wave stands for; undefined for a level of a reduction. */
export function attemptOf(wave: string): number | undefined {
  return /^[1-9]\d*$/.test(wave) ? Number(wave) : undefined;
}

export function reduceWave(level: number): string {
  return `r${level}`;
}

/** The level of a reduction that a wave stands for; undefined for an attempt of the tasks. */
export function reduceLevelOf(wave: string): number | undefined {
  return /^r[1-9]\d*$/.test(wave) ? Number(wave.slice(1)) : undefined;
}

/** The plan of a job's own tasks. */
export const TASKS_STAGE = 'tasks';

/** Name of the plan a wave's tasks come from, see `jobPaths.planShard`. */
export function planStageOf(wave: string): string {
  const level = reduceLevelOf(wave);
  return level === undefined ? TASKS_STAGE : `reduce-${level}`;
}
