/** What answers whoever asks: it tells nothing about anybody's work. Routers do not tell upper from lower case. */
const OPEN = /^\/(?:health|docs|docs-json)(?:\/|$)/i;

export function isOpenPath(path: string): boolean {
  return OPEN.test(path);
}
