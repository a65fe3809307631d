import type { Position } from './ast';
import { FormulaSyntaxError } from './formula-error';

export type Token = Position &
  (
    | { kind: 'number'; value: number }
    | { kind: 'string'; value: string }
    | { kind: 'name'; text: string }
    | { kind: 'symbol'; text: string }
    | { kind: 'end' }
  );

const PATTERNS = {
  blank: /(?:\s|\/\/[^\n]*)+/y,
  number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
  name: /\$?[A-Za-z_]\w*/y,
  string: /"([^"\n]*)"|'([^'\n]*)'/y,
  symbol: /\|\||&&|<=|>=|==|!=|[-+*/<>=!?:;,.()[\]]/y,
};

/** Cuts an autoscale formula into tokens; `//` comments and line breaks are blanks. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const place = positions(text);
  for (let at = 0; ;) {
    const take = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match) at = pattern.lastIndex;
      return match;
    };
    take(PATTERNS.blank);
    const here = place(at);
    if (at === text.length) {
      tokens.push({ kind: 'end', ...here });
      return tokens;
    }
    const token =
      wrap(take(PATTERNS.number), ([digits]) => ({ kind: 'number' as const, value: Number(digits) })) ??
      wrap(take(PATTERNS.name), ([name]) => ({ kind: 'name' as const, text: name })) ??
      wrap(take(PATTERNS.string), ([, a, b]) => ({ kind: 'string' as const, value: a ?? b ?? '' })) ??
      wrap(take(PATTERNS.symbol), ([symbol]) => ({ kind: 'symbol' as const, text: symbol }));
    if (!token) throw new FormulaSyntaxError(here, `Unexpected character: ${text.charAt(at)}`);
    tokens.push({ ...token, ...here });
  }
}

function wrap<T>(match: RegExpExecArray | null, make: (match: RegExpExecArray) => T): T | undefined {
  return match ? make(match) : undefined;
}

/** Line and column of an offset; offsets are asked for in rising order. */
function positions(text: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next >= 0 && next < offset; next = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = next + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}
