import { evaluate, type Surroundings } from './evaluator';
import { FormulaEvaluationError, FormulaSyntaxError } from './formula-error';
import { METRICS, type MetricName } from './metrics';
import { MAX_FORMULA_BYTES, parseFormula } from './parser';
import { SAMPLE_PERIOD_MS, SampleHistory, type Metrics } from './samples';
import { decided, formatResult } from './targets';

const NOW = Date.parse('2024-05-08T09:30:15Z');

function metrics(values: Partial<Record<MetricName, number>> = {}): Metrics {
  return { ...(Object.fromEntries(METRICS.map((name) => [name, 0])) as Record<MetricName, number>), ...values };
}

/** Ten samples of active tasks, 1 to 10, the last one just now. */
function history(): SampleHistory {
  const samples = new SampleHistory();
  for (let count = 1; count <= 10; count++) {
    samples.add(NOW - (10 - count) * SAMPLE_PERIOD_MS, metrics({ $ActiveTasks: count }));
  }
  return samples;
}

function run(formula: string, more: Partial<Surroundings> = {}): ReturnType<typeof evaluate> {
  return evaluate(parseFormula(formula), {
    now: NOW,
    random: () => 0.25,
    metrics: metrics({ $ActiveTasks: 7, $CurrentDedicatedNodes: 4 }),
    history: history(),
    inForce: { dedicated: 3, lowPriority: 1, option: 'requeue' },
    ...more,
  });
}

/** The value of an expression as an autoscale run shows it. */
function valueOf(expression: string): string {
  return formatResult(run(`$x = ${expression};`)).split(';$x=')[1] ?? '';
}

function errorOf(formula: string): string {
  try {
    run(formula);
  } catch (error) {
    if (error instanceof FormulaSyntaxError) return `syntax ${error.message}`;
    if (error instanceof FormulaEvaluationError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the autoscale formula language', () => {
  it.each([
    ['1 + 2 * 3 - 4 / 2', '5'],
    ['(1 + 2) * -3', '-9'],
    ['1 + 1 == 2 && !(3 < 2) || 0', '1'],
    ['5 >= 5 ? 10 : 20', '10'],
    ['0 ? 1 : 0 ? 2 : 3', '3'],
    ['"a" < "b"', '1'],
    ['[1, 2, 3] * 2', '[2,4,6]'],
    ['[1,2] - [3,5]', '[-2,-3]'],
    ['[[1,2],[3]]', '[[1,2],[3]]'],
    ['1e2 + .5', '100.5'],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  it.each([
    ['avg(1, 2, [3, 6])', '3'],
    ['len([1,2], 3)', '3'],
    ['max(0, min([4, 9]))', '4'],
    ['norm([3, 4])', '5'],
    ['range([2, 9, 4])', '7'],
    ['std([2, 4])', '1.4142135623730951'],
    ['sum([1, 2], 3)', '6'],
    ['lg(8)', '3'],
    ['ln(1)', '0'],
    ['log([10, 1000])', '[1,3]'],
    ['percentile([1, 2, 3, 4], 50)', '2.5'],
    ['val([5, 6, 7], 1)', '6'],
    ['rand()', '0.25'],
    ['vec(3)', '[3]'],
    ['abs(-2) + ceil(1.2) + floor(1.8) + round(1.5)', '7'],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  it.each([
    ['time()', '2024-05-08T09:30:15.000Z'],
    ['time("2016-10-13T19:18:47.805Z").weekday', '4'],
    ['time("Fri, 01 Mar 2024 10:20:30 GMT").month', '3'],
    ['time().hour * 100 + time().minute', '930'],
    ['time() - TimeInterval_Day', '2024-05-07T09:30:15.000Z'],
    ['TimeInterval_Hour + time()', '2024-05-08T10:30:15.000Z'],
    ['time() - time("2024-05-08T08:00:00Z")', '01:30:15'],
    ['2 * TimeInterval_Day + TimeInterval_Hour / 2', '2.00:30:00'],
    ['TimeInterval_Minute == 60 * TimeInterval_Second', '1'],
    ['TimeInterval_100ns * 10 == TimeInterval_Microsecond', '1'],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  it.each([
    ['$ActiveTasks', '7'],
    ['$CurrentDedicatedNodes * 1.5', '6'],
    ['$TargetDedicatedNodes + $TargetLowPriorityNodes', '4'],
    ['$ActiveTasks.GetSample(3)', '[8,9,10]'],
    ['$ActiveTasks.GetSample(TimeInterval_Minute)', '[8,9,10]'],
    ['$ActiveTasks.GetSample(time() - TimeInterval_Minute, 100)', '[8,9,10]'],
    ['$ActiveTasks.GetSample(TimeInterval_Minute * 2, TimeInterval_Minute)', '[6,7,8]'],
    ['$ActiveTasks.GetSample(TimeInterval_Minute * 2, TimeInterval_Minute, 50)', '[6,7,8]'],
    ['$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 10)', '50'],
    ['$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 2, TimeInterval_Minute)', '100'],
    ['$ActiveTasks.GetSamplePeriod()', '00:00:30'],
    ['$ActiveTasks.Count()', '10'],
    ['$ActiveTasks.HistoryBeginTime()', '2024-05-08T09:25:45.000Z'],
    ['$ActiveTasks.GetSample(1) + 1 > 10 ? 1 : 0', '1'],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  it('GetSample fails the evaluation when too few samples are there', () => {
    expect(errorOf('$x = $ActiveTasks.GetSample(TimeInterval_Minute * 10, 70);')).toBe(
      'Line 1, Col 19: GetSample: Insufficient samples: 50.0% of those wanted are there, less than 70%',
    );
  });

  it('runs statements in order, with comments and line breaks anywhere, and stops at stop()', () => {
    const formula =
      '// start\n$a = 2; b = $a *\n 3; $TargetDedicatedNodes = b; // more\nstop(); $TargetDedicatedNodes = 99';
    expect(decided(run(formula)).dedicated).toBe(6);
  });

  it('results name the three targets first, then the variables of the formula', () => {
    const formula = '$spare = 1; $TargetDedicatedNodes = 10 + $spare; $NodeDeallocationOption = taskcompletion;';
    expect(formatResult(run(formula))).toBe(
      '$TargetDedicatedNodes=11;$TargetLowPriorityNodes=1;$NodeDeallocationOption=taskcompletion;$spare=1',
    );
  });

  it('aliases are shown as written, and the full name wins', () => {
    expect(formatResult(run('$TargetDedicated = 5; $TargetLowPriority = 6'))).toBe(
      '$TargetDedicated=5;$TargetLowPriority=6;$NodeDeallocationOption=requeue',
    );
    expect(decided(run('$TargetDedicatedNodes = 7; $TargetDedicated = 5')).dedicated).toBe(7);
  });

  it('targets are whole numbers from 0 on', () => {
    expect(decided(run('$TargetDedicatedNodes = 3.9; $TargetLowPriorityNodes = -2'))).toEqual({
      dedicated: 3,
      lowPriority: 0,
      option: 'requeue',
    });
  });

  it.each([
    ['$something_useless', 'Line 1, Col 1: Undefined symbol: $something_useless'],
    ['$a = 1;\n  $b = nosuch(1);', 'Line 2, Col 8: Undefined function: nosuch'],
    ['$a = constructor;', 'Line 1, Col 6: Undefined symbol: constructor'],
    ['$a = time().century', 'Line 1, Col 13: Undefined member: century'],
    ['$a = $ActiveTasks.GetNothing()', 'Line 1, Col 19: Undefined method: GetNothing'],
    ['$a = "x" + 1', 'Line 1, Col 10: Operator + does not take operands of these types'],
    ['$a = [1] + [1,2]', 'Line 1, Col 10: Operator + does not take operands of these types'],
    ['$a = time() + time()', 'Line 1, Col 13: Operator + does not take operands of these types'],
    ['$a = avg([])', 'Line 1, Col 6: avg: There is no value to work with'],
    ['$a = val([1], 1)', 'Line 1, Col 6: val: Index 1 is out of range, the vector has 1'],
    ['$ActiveTasks = 1', 'Line 1, Col 1: Cannot assign to $ActiveTasks'],
    ['$TargetDedicatedNodes = "many"', 'Line 1, Col 1: $TargetDedicatedNodes must be a number'],
    ['$TargetDedicatedNodes = 1 / 0', 'Line 1, Col 1: $TargetDedicatedNodes must be a number'],
    ['$NodeDeallocationOption = 1', expect.stringContaining('must be one of requeue, terminate')],
  ])('%j fails with its place', (formula, message) => {
    expect(errorOf(formula)).toEqual(message);
  });

  it.each([
    ['$a = ', 'Line 1, Col 6: Unexpected end of formula'],
    ['$a = 1 $b = 2', "Line 1, Col 8: Unexpected $b, expected ';'"],
    ['$a = (1 + 2', "Line 1, Col 12: Unexpected end of formula, expected ')'"],
    ['$a = 1;\n$b = 2 # 3', 'Line 2, Col 8: Unexpected character: #'],
    ['  // nothing', 'Line 1, Col 13: The formula is empty'],
    [`${'$a=1;'.repeat(101)}`, 'Line 1, Col 501: A formula may have at most 100 statements'],
    [`$a=${'('.repeat(MAX_FORMULA_BYTES / 2)}`, expect.stringContaining('nested too deeply')],
  ])('%j is no formula', (formula, message) => {
    const error = errorOf(formula);
    expect(error.slice(0, 7)).toBe('syntax ');
    expect(error.slice(7)).toEqual(message);
  });
});
