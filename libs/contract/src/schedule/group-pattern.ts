const GROUP = '{group}';
/** More would let one long name cost a worker seconds. */
const MAX_WILDCARDS = 2;

/**
 * A pattern such as `in/{group}/*.csv` over blob names: `{group}` is a part of the name without `/`, `*` anything
 * without `/`, `**` anything. What is wrong with it, in words, when it is no such pattern.
 */
export function parseGroupPattern(pattern: string): RegExp | string {
  if (pattern.split(GROUP).length !== 2) return `must hold ${GROUP} once, as in in/${GROUP}/*.csv`;
  const parts = pattern.split(/(\{group\}|\*{1,2})/);
  if (parts.filter((part) => part.startsWith('*')).length > MAX_WILDCARDS) {
    return `must hold at most ${MAX_WILDCARDS} wildcards beside ${GROUP}`;
  }
  const source = parts.map((part) => {
    if (part === GROUP) return '([^/]+?)';
    if (part === '*') return '[^/]*';
    return part === '**' ? '[^]*' : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
