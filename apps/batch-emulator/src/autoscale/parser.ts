import type { BinaryOperator, Expression, Formula, Position, Statement } from './ast';
import { FormulaSyntaxError } from './formula-error';
import { tokenize, type Token } from './lexer';

/** "Automatically scale compute nodes in an Azure Batch pool": limits of a formula. */
export const MAX_FORMULA_BYTES = 8 * 1024;
const MAX_STATEMENTS = 100;
/** Deeper than any formula that makes sense, and shallow enough for the call stack. */
const MAX_DEPTH = 200;

/** Binary operators, loosest first. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>=', '>'],
  ['+', '-'],
  ['*', '/'],
];

/** Reads a formula; throws `FormulaSyntaxError`. */
export function parseFormula(text: string): Formula {
  return new Parser(tokenize(text)).formula();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  formula(): Formula {
    const statements: Statement[] = [];
    while (!this.atEnd) {
      if (this.accept(';')) continue;
      if (statements.length === MAX_STATEMENTS) {
        throw new FormulaSyntaxError(this.next, `A formula may have at most ${MAX_STATEMENTS} statements`);
      }
      statements.push(this.statement());
      if (!this.atEnd) this.expect(';');
    }
    if (statements.length === 0) throw new FormulaSyntaxError(this.next, 'The formula is empty');
    return statements;
  }

  private statement(): Statement {
    const first = this.next;
    const second = this.tokens[this.at + 1];
    if (first.kind === 'name' && second?.kind === 'symbol' && second.text === '=') {
      this.at += 2;
      return { ...placeOf(first), target: first.text, expression: this.expression() };
    }
    return { ...placeOf(first), expression: this.expression() };
  }

  private expression(): Expression {
    if (++this.depth > MAX_DEPTH) throw new FormulaSyntaxError(this.next, 'The expression is nested too deeply');
    const condition = this.binary(0);
    const place = placeOf(this.next);
    if (!this.accept('?')) {
      this.depth--;
      return condition;
    }
    const then = this.expression();
    this.expect(':');
    const otherwise = this.expression();
    this.depth--;
    return { kind: 'choice', condition, then, otherwise, ...place };
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const token = this.next;
      const operator = operators.find((candidate) => token.kind === 'symbol' && token.text === candidate);
      if (!operator) return left;
      this.at++;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1), ...placeOf(token) };
    }
  }

  private unary(): Expression {
    const token = this.next;
    if (token.kind !== 'symbol' || (token.text !== '-' && token.text !== '!')) return this.postfix();
    this.at++;
    if (++this.depth > MAX_DEPTH) throw new FormulaSyntaxError(token, 'The expression is nested too deeply');
    const operand = this.unary();
    this.depth--;
    return { kind: 'unary', operator: token.text, operand, ...placeOf(token) };
  }

  private postfix(): Expression {
    let target = this.primary();
    while (this.accept('.')) {
      const token = this.next;
      if (token.kind !== 'name') throw this.unexpected();
      this.at++;
      target = this.accept('(')
        ? { kind: 'method', target, name: token.text, args: this.list(')'), ...placeOf(token) }
        : { kind: 'member', target, name: token.text, ...placeOf(token) };
    }
    return target;
  }

  private primary(): Expression {
    const token = this.next;
    const place = placeOf(token);
    if (token.kind === 'end' || (token.kind === 'symbol' && token.text !== '(' && token.text !== '['))
      throw this.unexpected();
    this.at++;
    if (token.kind === 'number' || token.kind === 'string') return token;
    if (token.kind === 'name') {
      if (this.accept('(')) return { kind: 'call', name: token.text, args: this.list(')'), ...place };
      return { kind: 'name', name: token.text, ...place };
    }
    if (token.text === '[') return { kind: 'list', items: this.list(']'), ...place };
    const inner = this.expression();
    this.expect(')');
    return inner;
  }

  /** Expressions between commas, up to and with the closing symbol. */
  private list(close: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.accept(close)) return items;
    do items.push(this.expression());
    while (this.accept(','));
    this.expect(close);
    return items;
  }

  private get next(): Token {
    return this.tokens[this.at] as Token;
  }

  private get atEnd(): boolean {
    return this.next.kind === 'end';
  }

  private accept(symbol: string): boolean {
    const token = this.next;
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.at++;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.accept(symbol)) throw this.unexpected(`, expected '${symbol}'`);
  }

  private unexpected(more = ''): FormulaSyntaxError {
    const token = this.next;
    const what = token.kind === 'end' ? 'end of formula' : 'text' in token ? token.text : String(token.value);
    return new FormulaSyntaxError(token, `Unexpected ${what}${more}`);
  }
}

const placeOf = ({ line, column }: Position): Position => ({ line, column });
