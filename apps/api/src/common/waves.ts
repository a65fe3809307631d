/** Attempts are submitted in waves of their number; levels of a reduction (`r1`, ...) are not attempts. */
export function waveOf(attempt: number): string {
  return String(attempt);
}

/** The attempt a wave stands for; undefined for a level of a reduction. */
export function attemptOf(wave: string): number | undefined {
  return /^[1-9]\d*$/.test(wave) ? Number(wave) : undefined;
}
