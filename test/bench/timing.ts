/** Waiting, and the time it took. */
import { performance } from 'node:perf_hooks';

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Milliseconds since `began`, which came from `performance.now()`. */
export function since(began: number): number {
  return performance.now() - began;
}

/** Asks every `everyMs` until there is an answer. */
export async function poll<T>(
  what: string,
  everyMs: number,
  limitMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (since(began) > limitMs) throw new Error(`Waited ${limitMs / 1000} s in vain for ${what}.`);
    await sleep(everyMs);
  }
}
