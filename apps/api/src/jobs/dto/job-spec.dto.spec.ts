import 'reflect-metadata';
import type { JobSpec } from '@windrow/contract';
import { validateAs } from '../../common/validation/validate';
import { specErrors } from '../spec-rules';
import { JOB_EXAMPLES } from './job-examples';
import { JobSpecDto } from './job-spec.dto';

const BASE = JOB_EXAMPLES.smallest;
const REDUCE = { kind: 'reduce', commandLine: 'merge' };
const ROWS = { kind: 'rows', container: 'corpus', blobs: ['a.csv'], format: 'csv' };
const TEMPLATE = { vmSizes: ['Standard_D2s_v5'], nodes: { max: 1 } };
const CHANGE = { requiredSlots: 1, environment: { MODE: 'careful' } };
const MANY_RANGES = Array.from({ length: 501 }, (_, n) => n * 2).join();
const depends = (...dependsOn: object[]) => ({ task: { commandLine: 'x', dependsOn } });
const RULE = { on: { exitCodes: [1] }, attempts: 2 };

const UNIFORM = { distribution: 'uniform', from: 0, to: 1 };

function sweep(method: string, parameters: object, fields: object = {}): object {
  return { kind: 'sweep', method, parameters, ...fields };
}

/** Refusals of form first, then, where the form is right, those that join several fields. */
function refusals(spec: unknown) {
  const errors = validateAs(JobSpecDto, spec);
  return errors.length > 0 ? errors : specErrors(spec as JobSpec);
}

describe('the body of a job', () => {
  it.each(Object.entries(JOB_EXAMPLES))('takes the example %s', (_name, example) => {
    expect(refusals(example)).toEqual([]);
  });

  it.each<[object]>([
    [{ input: ROWS }],
    [{ input: { ...ROWS, format: 'parquet', columns: ['a'], rowsPerTask: 10, bytesPerTask: '1MiB' } }],
    [{ input: { kind: 'items', items: [null, { constructor: 1 }, [[]]] }, parameters: { toString: 'x' } }],
    [{ input: { kind: 'manifest', container: 'corpus', blob: 'items.jsonl' }, allowEmpty: true }],
    [{ input: { kind: 'sweep', method: 'zip', parameters: { a: [1, 2, 3], b: { from: 0, to: 0.2, step: 0.1 } } } }],
    [{ input: sweep('combinations', { a: [1, 2, 3] }, { length: 2 }) }],
    [{ input: sweep('permutations', { a: [1, 2], b: { from: 1, to: 3 } }, { length: 3, replacement: true }) }],
    [
      {
        input: sweep('random', { a: { distribution: 'normal', mean: 0, standardDeviation: 1 } }, { count: 9, seed: 4 }),
      },
    ],
    [{ input: sweep('random', { a: { distribution: 'choice', values: ['x'] } }, { count: 1 }) }],
    [{ gather: REDUCE }],
    [{ gather: { kind: 'concat', file: 'out/.hidden', target: 'all.csv' } }],
    [{ pool: { cluster: 'wind' } }],
    [{ task: { commandLine: 'x', timeout: 'P2D', retries: 2 } }],
    [{ execution: { toleratedFailures: { count: 1, percent: 0.5 }, retryRules: [RULE], priority: 'high' } }],
    [{ execution: { deadline: '2027-01-15T09:30:00+01:00', retryRules: [{ ...RULE, change: CHANGE }] } }],
    [{ task: { commandLine: 'x', dependsOn: [{ tasks: '10-', on: '0-3,7' }, { offset: -1 }] } }],
    [{ cleanup: { pool: 'keep' }, labels: { team: '' } }],
  ])('takes %j', (change) => {
    expect(refusals({ ...BASE, ...change })).toEqual([]);
  });

  const withoutInput = { task: BASE.task, pool: BASE.pool };
  it.each<[object, path: string, code: string]>([
    [withoutInput, '$.input', 'Required'],
    [{ ...BASE, displayName: null }, '$.displayName', 'InvalidType'],
    [{ ...BASE, surprise: 1 }, '$.surprise', 'UnknownField'],
    [JSON.parse('{"constructor": {}}') as object, '$.constructor', 'UnknownField'],
    [JSON.parse('{"parameters": {"__proto__": {}}}') as object, '$.parameters', 'UnknownField'],
    [{ ...BASE, parameters: [] }, '$.parameters', 'InvalidType'],
    [{ ...BASE, labels: { team: 1 } }, '$.labels.team', 'InvalidValue'],
    [{ ...BASE, maxItems: 0 }, '$.maxItems', 'OutOfRange'],
    [{ ...BASE, maxItems: 1.5 }, '$.maxItems', 'InvalidType'],
    [{ ...BASE, allowEmpty: 'yes' }, '$.allowEmpty', 'InvalidType'],
    [{ ...BASE, batching: { maxBytesPerTask: '64 MB' } }, '$.batching.maxBytesPerTask', 'InvalidSize'],
    [{ ...BASE, batching: { maxBytesPerTask: '0B' } }, '$.batching.maxBytesPerTask', 'InvalidSize'],
    [{ ...BASE, batching: [] }, '$.batching', 'InvalidType'],

    [{ ...BASE, input: { kind: 'blob', container: 'corpus' } }, '$.input.kind', 'UnknownKind'],
    [{ ...BASE, input: {} }, '$.input.kind', 'UnknownKind'],
    [{ ...BASE, input: 'blobs' }, '$.input', 'InvalidType'],
    [{ ...BASE, input: { kind: 'blobs', container: 'No_Such' } }, '$.input.container', 'InvalidValue'],
    [{ ...BASE, input: { kind: 'blobs', container: 'ab--cd' } }, '$.input.container', 'InvalidValue'],
    [{ ...BASE, input: { kind: 'blobs', container: 'corpus', blob: 'x' } }, '$.input.blob', 'UnknownField'],
    [
      { ...BASE, input: { kind: 'blobs', container: 'corpus', include: ['a', '{b'] } },
      '$.input.include[1]',
      'InvalidValue',
    ],
    [{ ...BASE, input: { kind: 'blobs', container: 'corpus', exclude: ['/a'] } }, '$.input.exclude[0]', 'InvalidValue'],
    [{ ...BASE, input: { ...ROWS, format: 'xml' } }, '$.input.format', 'InvalidValue'],
    [{ ...BASE, input: { ...ROWS, blobs: [] } }, '$.input.blobs', 'InvalidType'],
    [{ ...BASE, input: { kind: 'repeat', count: 0 } }, '$.input.count', 'OutOfRange'],
    [{ ...BASE, input: { kind: 'items', items: {} } }, '$.input.items', 'InvalidType'],
    [{ ...BASE, input: { kind: 'sweep', method: 'product', parameters: {} } }, '$.input.parameters', 'InvalidType'],
    [
      { ...BASE, input: { kind: 'sweep', method: 'product', parameters: { a: { from: 2, to: 1 } } } },
      '$.input.parameters.a',
      'InvalidType',
    ],
    [
      { ...BASE, input: { kind: 'sweep', method: 'zip', parameters: { a: [1], b: [1, 2] } } },
      '$.input.parameters.b',
      'UnequalLengths',
    ],
    [{ ...BASE, input: sweep('product', { a: [1] }, { length: 2 }) }, '$.input.length', 'UnknownField'],
    [{ ...BASE, input: sweep('combinations', { a: [1] }) }, '$.input.length', 'Required'],
    [{ ...BASE, input: sweep('combinations', { a: [1] }, { length: 2 }) }, '$.input.length', 'OutOfRange'],
    [{ ...BASE, input: sweep('random', { a: UNIFORM }) }, '$.input.count', 'Required'],
    [{ ...BASE, input: sweep('random', { a: [1] }, { count: 1 }) }, '$.input.parameters.a', 'InvalidType'],
    [
      { ...BASE, input: sweep('random', { a: { ...UNIFORM, mean: 1 } }, { count: 1 }) },
      '$.input.parameters.a',
      'InvalidType',
    ],
    [
      { ...BASE, input: sweep('random', { a: { ...UNIFORM, distribution: 'log-uniform', from: 0 } }, { count: 1 }) },
      '$.input.parameters.a',
      'InvalidType',
    ],

    [{ ...BASE, task: { commandLine: '' } }, '$.task.commandLine', 'InvalidLength'],
    [{ ...BASE, task: { commandLine: 'x', timeout: '1h' } }, '$.task.timeout', 'InvalidDuration'],
    [{ ...BASE, task: { commandLine: 'x', timeout: 'PT0S' } }, '$.task.timeout', 'InvalidDuration'],
    [{ ...BASE, task: { commandLine: 'x', timeout: 'P7D' } }, '$.task.timeout', 'TooLong'],
    [{ ...BASE, task: { commandLine: 'x', timeout: 'P2D', retries: 3 } }, '$.task.timeout', 'TooLong'],
    [{ ...BASE, task: { commandLine: 'x', retries: 6 } }, '$.task.timeout', 'TooLong'],
    [{ ...BASE, task: { commandLine: 'x', retries: -1 } }, '$.task.retries', 'OutOfRange'],
    [{ ...BASE, task: { commandLine: 'x', requiredSlots: 2 } }, '$.task.requiredSlots', 'TooManySlots'],
    [{ ...BASE, task: { commandLine: 'x', requiredSlots: 257 } }, '$.task.requiredSlots', 'OutOfRange'],
    [
      { ...BASE, task: { commandLine: 'x', environment: { AZ_BATCH_X: '1' } } },
      '$.task.environment.AZ_BATCH_X',
      'InvalidValue',
    ],
    [
      { ...BASE, task: { commandLine: 'x', environment: { windrow_job: '1' } } },
      '$.task.environment.windrow_job',
      'InvalidValue',
    ],
    [{ ...BASE, task: { commandLine: 'x', environment: { A: 1 } } }, '$.task.environment.A', 'InvalidValue'],
    [
      { ...BASE, task: { commandLine: 'x', outputs: [{ pattern: '../x' }] } },
      '$.task.outputs[0].pattern',
      'InvalidPattern',
    ],
    [
      { ...BASE, task: { commandLine: 'x', outputs: [{ pattern: 'x', when: 'now' }] } },
      '$.task.outputs[0].when',
      'InvalidValue',
    ],
    [{ ...BASE, task: { commandLine: 'x', program: ['a'] } }, '$.task.program[0]', 'InvalidValue'],
    [{ ...BASE, task: { commandLine: 'x', program: [{ prefix: '' }] } }, '$.task.program[0].container', 'Required'],

    [{ ...BASE, pool: { cluster: 'wind', vmSizes: ['x'] } }, '$.pool.vmSizes', 'UnknownField'],
    [{ ...BASE, pool: { cluster: 'a/b' } }, '$.pool.cluster', 'InvalidValue'],
    [{ ...BASE, pool: {} }, '$.pool.vmSizes', 'Required'],
    [{ ...BASE, pool: { ...TEMPLATE, vmSizes: [] } }, '$.pool.vmSizes', 'InvalidType'],
    [{ ...BASE, pool: { ...TEMPLATE, slotsPerNode: 0 } }, '$.pool.slotsPerNode', 'OutOfRange'],
    [{ ...BASE, pool: { ...TEMPLATE, slotsPerNode: 257 } }, '$.pool.slotsPerNode', 'OutOfRange'],
    [{ ...BASE, pool: { ...TEMPLATE, nodes: { max: 0 } } }, '$.pool.nodes.max', 'OutOfRange'],
    [{ ...BASE, pool: { ...TEMPLATE, nodes: { min: 3, max: 2 } } }, '$.pool.nodes.min', 'OutOfRange'],

    [{ ...BASE, execution: { priority: 'urgent' } }, '$.execution.priority', 'InvalidValue'],
    [
      { ...BASE, execution: { toleratedFailures: { percent: 101 } } },
      '$.execution.toleratedFailures.percent',
      'OutOfRange',
    ],
    [{ ...BASE, ...depends({ on: '0-3' }) }, '$.task.dependsOn[0].on', 'OutOfRange'],
    [{ ...BASE, ...depends({ tasks: '3-9', on: '0-3' }) }, '$.task.dependsOn[0].on', 'OutOfRange'],
    [{ ...BASE, ...depends({ tasks: '9', on: '0-' }) }, '$.task.dependsOn[0].on', 'InvalidRange'],
    [{ ...BASE, ...depends({ tasks: '9-1', on: '0' }) }, '$.task.dependsOn[0].tasks', 'InvalidRange'],
    [{ ...BASE, ...depends({ tasks: '9' }) }, '$.task.dependsOn[0]', 'Required'],
    [{ ...BASE, ...depends({ offset: -1 }, { tasks: '9', on: '0', offset: -1 }) }, '$.task.dependsOn[1]', 'Required'],
    [{ ...BASE, ...depends({ offset: 0 }) }, '$.task.dependsOn[0].offset', 'OutOfRange'],
    [{ ...BASE, ...depends({ tasks: '5000', on: MANY_RANGES }) }, '$.task.dependsOn', 'TooManyRanges'],
    [{ ...BASE, execution: { deadline: 'tomorrow' } }, '$.execution.deadline', 'InvalidTime'],
    [{ ...BASE, execution: { deadline: '2027-13-01T00:00:00Z' } }, '$.execution.deadline', 'InvalidTime'],
    [
      { ...BASE, execution: { retryRules: [RULE, { ...RULE, change: { requiredSlots: 2 } }] } },
      '$.execution.retryRules[1].change.requiredSlots',
      'TooManySlots',
    ],
    [
      { ...BASE, execution: { retryRules: [{ ...RULE, change: { environment: { WINDROW_X: '' } } }] } },
      '$.execution.retryRules[0].change.environment.WINDROW_X',
      'InvalidValue',
    ],
    [{ ...BASE, execution: { retryRules: [{ ...RULE, on: {} }] } }, '$.execution.retryRules[0].on', 'Required'],
    [
      { ...BASE, execution: { retryRules: [{ ...RULE, on: { categories: ['oom'] } }] } },
      '$.execution.retryRules[0].on.categories[0]',
      'InvalidValue',
    ],
    [
      { ...BASE, execution: { retryRules: [{ ...RULE, backoff: { initial: 'PT2M', max: 'PT1M' } }] } },
      '$.execution.retryRules[0].backoff.initial',
      'OutOfRange',
    ],

    [{ ...BASE, gather: { kind: 'zip' } }, '$.gather.kind', 'UnknownKind'],
    [{ ...BASE, gather: { kind: 'concat', file: '../x' } }, '$.gather.file', 'InvalidValue'],
    [{ ...BASE, gather: { kind: 'concat', file: 'out/*.csv' } }, '$.gather.file', 'InvalidValue'],
    [{ ...BASE, gather: { kind: 'concat', file: 'a.csv', target: '..' } }, '$.gather.target', 'InvalidValue'],
    [{ ...BASE, gather: { ...REDUCE, fanIn: 1 } }, '$.gather.fanIn', 'OutOfRange'],
    [{ ...BASE, gather: { ...REDUCE, requiredSlots: 2 } }, '$.gather.requiredSlots', 'TooManySlots'],
    [{ ...BASE, gather: { ...REDUCE, timeout: 'P7D' } }, '$.gather.timeout', 'TooLong'],
    [{ ...BASE, cleanup: { pool: 'maybe' } }, '$.cleanup.pool', 'InvalidValue'],
  ])('refuses %j at %s', (spec, path, code) => {
    expect(refusals(spec)).toContainEqual(expect.objectContaining({ path, code, message: expect.any(String) }));
  });

  it.each([[null], [[]], ['text'], [undefined]])('refuses a body that is %j', (body) => {
    expect(refusals(body)).toEqual([
      { path: '$', code: 'InvalidType', message: expect.stringMatching(/^must be a JSON object, not /) },
    ]);
  });

  it('hides no mistake behind an unknown kind, and says each only once', () => {
    const errors = refusals({ ...BASE, input: { kind: 'x', a: 1 }, task: { commandLine: 1 } });
    expect(errors.map(({ path }) => path)).toEqual(['$.input.kind', '$.task.commandLine']);
  });

  it('refuses depth that would exhaust the stack', () => {
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
    expect(refusals({ ...BASE, input: { kind: 'items', items: deep } })[0]?.code).toBe('TooDeep');
  });
});
