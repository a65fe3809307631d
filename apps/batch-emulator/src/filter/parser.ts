import type { Filter, Operator } from './ast';
import { FilterSyntaxError, tokenize, type Token } from './lexer';

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);

const MAX_DEPTH = 100;

/**
 * The OData subset that Batch lists take: and, or, parentheses, comparisons, startswith. `and` binds tighter than `or`.
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(tokenize(text));
  const filter = parser.or();
  parser.expect('end');
  return filter;
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  or(): Filter {
    let left = this.and();
    while (this.takeWord('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  expect(kind: Token['kind']): void {
    const token = this.next();
    if (token.kind !== kind) throw new FilterSyntaxError(`Expected ${kind === 'end' ? 'the end' : `'${kind}'`}.`);
  }

  private and(): Filter {
    let left = this.term();
    while (this.takeWord('and')) left = { kind: 'and', left, right: this.term() };
    return left;
  }

  private term(): Filter {
    if (this.peek().kind === '(') {
      this.next();
      // Every level is a few frames of the stack here and wherever the filter is walked.
      if (++this.depth > MAX_DEPTH) throw new FilterSyntaxError(`Parentheses nest deeper than ${MAX_DEPTH} levels.`);
      const inner = this.or();
      this.depth--;
      this.expect(')');
      return inner;
    }
    return this.takeWord('startswith') ? this.startsWith() : this.comparison();
  }

  private startsWith(): Filter {
    this.expect('(');
    const property = this.word();
    this.expect(',');
    const literal = this.next();
    if (literal.kind !== 'literal' || typeof literal.value !== 'string') {
      throw new FilterSyntaxError('startswith takes a property and a string.');
    }
    this.expect(')');
    return { kind: 'startswith', property, prefix: literal.value };
  }

  private comparison(): Filter {
    const property = this.word();
    const operator = this.word().toLowerCase();
    if (!OPERATORS.has(operator)) throw new FilterSyntaxError(`The operator '${operator}' is not supported.`);
    const literal = this.next();
    if (literal.kind !== 'literal') throw new FilterSyntaxError(`A literal must follow '${operator}'.`);
    return { kind: 'compare', property, operator: operator as Operator, literal: literal.value };
  }

  private word(): string {
    const token = this.next();
    if (token.kind !== 'word') throw new FilterSyntaxError('A name was expected.');
    return token.text;
  }

  private takeWord(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== text) return false;
    this.at++;
    return true;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end' };
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
}
