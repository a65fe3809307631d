import type { Position } from './ast';

/** Something is wrong at a place in a formula; the message names it the way the service does. */
export class FormulaError extends Error {
  constructor({ line, column }: Position, reason: string) {
    super(`Line ${line}, Col ${column}: ${reason}`);
    this.name = new.target.name;
  }
}

/** The text is no formula. */
export class FormulaSyntaxError extends FormulaError {}

/** The formula cannot be evaluated with the values there are now. */
export class FormulaEvaluationError extends FormulaError {}
