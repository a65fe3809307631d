import { parseTime } from '../util/time';
import { asDouble, double, timestamp, vector, type Value } from './values';

const MAX_NUMBERS = 100_000;

/** What is wrong with a call; the evaluator knows where it stands. */
export class CallError extends Error {}

export interface FunctionContext {
  /** Milliseconds since the epoch. */
  now: number;
  random: () => number;
}

type FormulaFunction = (args: readonly Value[], context: FunctionContext) => Value;

/** "Functions" of the formula reference; `stop` is the evaluator's. */
export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  avg: overNumbers((values) => sum(values) / values.length),
  max: overNumbers((values) => values.reduce((a, b) => Math.max(a, b))),
  min: overNumbers((values) => values.reduce((a, b) => Math.min(a, b))),
  range: overNumbers((values) => values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))),
  std: overNumbers(deviation),
  norm: overNumbers((values) => Math.sqrt(sum(values.map((value) => value * value)))),
  len: (args) => double(numbersOf(args).length),
  sum: (args) => double(sum(numbersOf(args))),
  lg: eachNumber(Math.log2),
  ln: eachNumber(Math.log),
  log: eachNumber(Math.log10),
  abs: eachNumber(Math.abs),
  ceil: eachNumber(Math.ceil),
  floor: eachNumber(Math.floor),
  round: eachNumber(Math.round),
  vec: (args) => vector(numbersOf(args)),
  percentile,
  val: (args) => {
    const [values, index] = vectorAndNumber(args);
    const value = values[Math.trunc(index)];
    if (value === undefined) throw new CallError(`Index ${index} is out of range, the vector has ${values.length}`);
    return double(value);
  },
  rand: (_args, context) => double(context.random()),
  time: (args, context) => {
    const [first] = args;
    if (!first) return timestamp(context.now);
    const millis = first.type === 'string' ? timeOf(first.value) : Number.NaN;
    if (Number.isNaN(millis)) throw new CallError('The argument is no date and time');
    return timestamp(millis);
  },
};

/** W3C-DTF, without a zone in UTC, or RFC 1123. */
function timeOf(text: string): number {
  const micros = parseTime(text);
  return micros === undefined ? Date.parse(text) : micros / 1000;
}

/** All numbers of all arguments: a list of vectors counts as one long vector. */
function numbersOf(args: readonly Value[]): number[] {
  const numbers = args.flatMap((value): readonly number[] => {
    if (value.type === 'double') return [value.value];
    if (value.type === 'doubleVec') return value.value;
    if (value.type === 'doubleVecList') return value.value.flat();
    throw new CallError(`An argument is a ${value.type}, not a number`);
  });
  // Doubling a vector statement by statement must not use up all memory.
  if (numbers.length > MAX_NUMBERS) throw new CallError(`More than ${MAX_NUMBERS} numbers`);
  return numbers;
}

function overNumbers(calculate: (values: number[]) => number): FormulaFunction {
  return (args) => {
    const values = numbersOf(args);
    if (values.length === 0) throw new CallError('There is no value to work with');
    return double(calculate(values));
  };
}

function eachNumber(calculate: (value: number) => number): FormulaFunction {
  return ([value, ...rest]) => {
    if (rest.length === 0 && value?.type === 'double') return double(calculate(value.value));
    if (rest.length === 0 && value?.type === 'doubleVec') return vector(value.value.map(calculate));
    throw new CallError('One number or vector is wanted');
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Of a sample, hence divided by n - 1. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** Between two values what lies between them in proportion. */
function percentile(args: readonly Value[]): Value {
  const [values, percent] = vectorAndNumber(args);
  if (values.length === 0) throw new CallError('There is no value to work with');
  if (!(percent >= 0 && percent <= 100)) throw new CallError(`${percent} is no percentage`);
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return double(low + (high - low) * (rank - Math.floor(rank)));
}

function vectorAndNumber(args: readonly Value[]): [readonly number[], number] {
  const [values, number] = args;
  const second = number && asDouble(number);
  if (args.length !== 2 || !values || second === undefined) throw new CallError('A vector and a number are wanted');
  return [numbersOf([values]), second];
}
