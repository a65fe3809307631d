import type { BinaryOperator } from './ast';
import { asDouble, bool, double, interval, timestamp, vector, type Value } from './values';

type Arithmetic = '+' | '-' | '*' | '/';

const isArithmetic = (operator: string): operator is Arithmetic => '+-*/'.includes(operator);

/** Applies an operator as the types of its operands say; `undefined` when they do not go together. */
export function applyBinary(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (isArithmetic(operator)) return arithmetic(operator, left, right);
  if (operator === '&&' || operator === '||') {
    const [a, b] = [asDouble(left), asDouble(right)];
    if (a === undefined || b === undefined) return undefined;
    return bool(operator === '&&' ? a !== 0 && b !== 0 : a !== 0 || b !== 0);
  }
  const [a, b] = comparable(left, right);
  return a === undefined || b === undefined ? undefined : bool(compare(operator, a, b));
}

export function applyUnary(operator: '-' | '!', operand: Value): Value | undefined {
  if (operator === '!') {
    const value = asDouble(operand);
    return value === undefined ? undefined : bool(value === 0);
  }
  if (operand.type === 'double') return double(-operand.value);
  if (operand.type === 'timeinterval') return interval(-operand.value);
  return operand.type === 'doubleVec' ? vector(operand.value.map((value) => -value)) : undefined;
}

function arithmetic(operator: Arithmetic, left: Value, right: Value): Value | undefined {
  if (isTime(left) || isTime(right)) return withTimes(operator, left, right);
  if (left.type === 'double' && right.type === 'double') return double(calculate(operator, left.value, right.value));
  if (left.type === 'doubleVec' && right.type === 'doubleVec') {
    if (left.value.length !== right.value.length) return undefined;
    return vector(left.value.map((value, at) => calculate(operator, value, right.value[at] ?? Number.NaN)));
  }
  if (left.type === 'doubleVec' && right.type === 'double')
    return vector(left.value.map((value) => calculate(operator, value, right.value)));
  if (left.type === 'double' && right.type === 'doubleVec')
    return vector(right.value.map((value) => calculate(operator, left.value, value)));
  return undefined;
}

const isTime = (value: Value): boolean => value.type === 'timestamp' || value.type === 'timeinterval';

function withTimes(operator: Arithmetic, left: Value, right: Value): Value | undefined {
  const types = `${left.type} ${operator} ${right.type}`;
  const a = left.type === 'doubleVec' ? asDouble(left) : left.value;
  const b = right.type === 'doubleVec' ? asDouble(right) : right.value;
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  switch (types.replaceAll('doubleVec', 'double')) {
    case 'double * timeinterval':
    case 'timeinterval * double':
      return interval(a * b);
    case 'timeinterval / double':
      return interval(a / b);
    case 'timeinterval + timeinterval':
      return interval(a + b);
    case 'timeinterval - timeinterval':
    case 'timestamp - timestamp':
      return interval(a - b);
    case 'timeinterval + timestamp':
    case 'timestamp + timeinterval':
      return timestamp(a + b);
    case 'timestamp - timeinterval':
      return timestamp(a - b);
    default:
      return undefined;
  }
}

function calculate(operator: Arithmetic, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  return operator === '*' ? a * b : a / b;
}

/** Only like compares with like. */
function comparable(left: Value, right: Value): [number | string | undefined, number | string | undefined] {
  const [a, b] = [asDouble(left), asDouble(right)];
  if (a !== undefined || b !== undefined) return [a, b];
  if (left.type !== right.type || left.type === 'doubleVec' || left.type === 'doubleVecList')
    return [undefined, undefined];
  return [left.value, right.value as number | string];
}

function compare(operator: BinaryOperator, a: number | string, b: number | string): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '==':
      return a === b;
    case '>=':
      return a >= b;
    case '>':
      return a > b;
    default:
      return a !== b;
  }
}
