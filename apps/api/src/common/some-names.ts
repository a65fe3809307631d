/** Names that a refusal lists. */
const NAMED = 5;

/** The first few, and whether there are more: `a, b, ...`. */
export function someNames(names: string[]): string {
  return names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', ...' : '');
}
