/** Attempts are submitted in waves `w1`, `w2`, ...; levels of a reduction (`r1`, ...) are not attempts. */
export function waveOf(attempt: number): string {
  return `w${attempt}`;
}

/** The attempt a wave stands for; undefined for a level of a reduction. */
export function attemptOf(wave: string): number | undefined {
  const match = /^w([1-9]\d*)$/.exec(wave);
  return match ? Number(match[1]) : undefined;
}
