import type { DeallocationOption } from '../wire/types';
import type { Expression, Formula, Position, Statement } from './ast';
import { FormulaEvaluationError } from './formula-error';
import { CallError, FUNCTIONS } from './functions';
import { CONSTANTS, memberOf } from './members';
import { metricOf } from './metrics';
import { applyBinary, applyUnary } from './operators';
import type { Metrics, SampleHistory } from './samples';
import { obtain } from './sampling';
import { OPTION, RESULTS, targetOf, type Result, type Targets } from './targets';
import { asDouble, double, text, type Value } from './values';

export interface Surroundings {
  /** Milliseconds since the epoch. */
  now: number;
  random: () => number;
  metrics: Metrics;
  history: SampleHistory;
  /** What is in force now: reading a target that the formula has not set gives this. */
  inForce: Targets;
}

/** Evaluates a formula; throws `FormulaEvaluationError`. */
export function evaluate(formula: Formula, surroundings: Surroundings): Result {
  return new Evaluator(surroundings).run(formula);
}

/** Thrown by `stop()`: what has been assigned so far counts. */
class Stop extends Error {}

class Evaluator {
  private readonly variables = new Map<string, Value>();

  constructor(private readonly surroundings: Surroundings) {}

  run(formula: Formula): Result {
    try {
      for (const statement of formula) this.execute(statement);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    return { variables: this.variables, inForce: this.surroundings.inForce };
  }

  private execute({ target, expression, ...place }: Statement): void {
    const value = this.value(expression);
    if (target === undefined) return;
    if (metricOf(target) || CONSTANTS.has(target)) throw failure(place, `Cannot assign to ${target}`);
    this.variables.set(target, RESULTS.has(target) ? checkedTarget(target, value, place) : value);
  }

  private value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return double(expression.value);
      case 'string':
        return text(expression.value);
      case 'name':
        return this.named(expression.name, expression);
      case 'list':
        return this.listOf(expression, expression.items);
      case 'unary':
        return known(
          applyUnary(expression.operator, this.value(expression.operand)),
          expression,
          wrongTypes(expression.operator),
        );
      case 'binary': {
        const [left, right] = [this.value(expression.left), this.value(expression.right)];
        return known(applyBinary(expression.operator, left, right), expression, wrongTypes(expression.operator));
      }
      case 'choice':
        return this.value(this.isTrue(expression.condition) ? expression.then : expression.otherwise);
      case 'call':
        return this.call(expression.name, expression.args, expression);
      case 'member':
        return known(
          memberOf(this.value(expression.target), expression.name),
          expression,
          `Undefined member: ${expression.name}`,
        );
      case 'method':
        return this.method(expression, expression.target, expression.name, expression.args);
    }
  }

  private named(name: string, place: Position): Value {
    const metric = metricOf(name);
    if (metric) return double(this.surroundings.metrics[metric]);
    const value = this.variables.get(name) ?? CONSTANTS.get(name) ?? targetOf(name, this.surroundings.inForce);
    return known(value, place, `Undefined symbol: ${name}`);
  }

  private isTrue(condition: Expression): boolean {
    const value = asDouble(this.value(condition));
    if (value === undefined) throw failure(condition, 'The condition is not a number');
    return value !== 0;
  }

  private listOf(place: Position, items: readonly Expression[]): Value {
    const values = items.map((item) => this.value(item));
    if (values.every((value) => value.type === 'double'))
      return { type: 'doubleVec', value: values.map((value) => value.value) };
    if (values.every((value) => value.type === 'doubleVec'))
      return { type: 'doubleVecList', value: values.map((value) => value.value) };
    throw failure(place, 'A list holds numbers or vectors');
  }

  private call(name: string, args: readonly Expression[], place: Position): Value {
    if (name === 'stop') throw new Stop();
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!run) throw failure(place, `Undefined function: ${name}`);
    const values = args.map((argument) => this.value(argument));
    return placing(place, name, () => run(values, this.surroundings));
  }

  private method(place: Position, target: Expression, name: string, args: readonly Expression[]): Value {
    const metric = target.kind === 'name' ? metricOf(target.name) : undefined;
    if (!metric) throw failure(place, `Undefined method: ${name}`);
    const values = args.map((argument) => this.value(argument));
    const value = placing(place, name, () => obtain(metric, name, values, this.surroundings));
    return known(value, place, `Undefined method: ${name}`);
  }
}

const OPTIONS: readonly DeallocationOption[] = ['requeue', 'terminate', 'taskcompletion', 'retaineddata'];

function checkedTarget(name: string, value: Value, place: Position): Value {
  if (name === OPTION) {
    if (value.type === 'string' && OPTIONS.includes(value.value as DeallocationOption)) return value;
    throw failure(place, `${name} must be one of ${OPTIONS.join(', ')}`);
  }
  const number = asDouble(value);
  if (number === undefined || !Number.isFinite(number)) throw failure(place, `${name} must be a number`);
  // Part of a node is none.
  return double(Math.max(0, Math.trunc(number)));
}

function placing<T>(place: Position, name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CallError) throw failure(place, `${name}: ${error.message}`);
    throw error;
  }
}

function known(value: Value | undefined, place: Position, reason: string): Value {
  if (value === undefined) throw failure(place, reason);
  return value;
}

const wrongTypes = (operator: string): string => `Operator ${operator} does not take operands of these types`;

const failure = (place: Position, reason: string): FormulaEvaluationError => new FormulaEvaluationError(place, reason);
