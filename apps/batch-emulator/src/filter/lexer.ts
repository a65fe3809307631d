import { parseTime } from '../util/time';
import type { Literal } from './ast';

export type Token =
  { kind: 'word'; text: string } | { kind: 'literal'; value: Literal } | { kind: '(' | ')' | ',' | 'end' };

/** The filter is not in the language; the message says where. */
export class FilterSyntaxError extends Error {}

const SPACE = /\s+/y;
const DATETIME = /datetime'([^']*)'/iy;
const STRING = /'((?:[^']|'')*)'/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w/])/y;
const WORD = /[A-Za-z_][\w/]*/y;

/** Cuts an OData expression into tokens. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    if (take(SPACE)) continue;
    const char = text.charAt(at);
    if (char === '(' || char === ')' || char === ',') {
      tokens.push({ kind: char });
      at++;
      continue;
    }
    const time = take(DATETIME);
    const quoted = time ? null : take(STRING);
    const number = time || quoted ? null : take(NUMBER);
    const word = time || quoted || number ? null : take(WORD);
    if (time) tokens.push({ kind: 'literal', value: { time: timeOf(time[1] ?? '') } });
    else if (quoted) tokens.push({ kind: 'literal', value: (quoted[1] ?? '').replaceAll("''", "'") });
    else if (number) tokens.push({ kind: 'literal', value: Number(number[0]) });
    else if (word) tokens.push(wordToken(word[0]));
    else throw new FilterSyntaxError(`Syntax error at position ${at} in '${text}'.`);
  }
  tokens.push({ kind: 'end' });
  return tokens;
}

function wordToken(text: string): Token {
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  return { kind: 'word', text };
}

function timeOf(text: string): number {
  const time = parseTime(text);
  if (time === undefined) throw new FilterSyntaxError(`'${text}' is not a date-time.`);
  return time;
}
