/** Half of a pair of UTF-16 units: no character, and UTF-8 has no bytes for it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A text that cannot be kept: it would come back as another one. */
export function isBroken(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** Stores and command lines end at it, or refuse it. */
export function nulComplaint(text: string): string | undefined {
  return text.includes('\u0000') ? 'must not contain NUL' : undefined;
}

/** In code points, as JSON Schema counts: characters outside the basic plane are one, not two. */
export function lengthOf(text: string): number {
  return [...text].length;
}
