import 'reflect-metadata';
import type { PoolTemplate } from '@windrow/contract';
import { validateAs } from '../common/validation/validate';
import { JOB_EXAMPLES } from './dto/job-examples';
import { JobSpecDto } from './dto/job-spec.dto';
import { specErrors } from './spec-rules';

const BASE = JOB_EXAMPLES.smallest;
const RANGES = {
  ...{ kind: 'rows', container: 'corpus', blobs: ['a.csv'], format: 'csv' },
  ...{ split: 'byteRanges', bytesPerTask: '64MiB' },
};
const SECRET = { keyVaultSecret: 'https://team.vault.azure.net/secrets/token' };
const TEMPLATE: PoolTemplate = { vmSizes: ['Standard_D2s_v5'], nodes: { max: 4 } };

/** Refusals of form first, then, where the form is right, those that join several fields. */
function refusals(change: object) {
  const spec = { ...BASE, ...change };
  const errors = validateAs(JobSpecDto, spec);
  return errors.length > 0 ? errors : specErrors(spec);
}
const ofTask = (task: object) => ({ task: { commandLine: 'x', ...task } });

describe('kinds of input and of tasks', () => {
  it.each<[object]>([
    [{ input: RANGES, itemMapping: { from: '{{item.offset}}' }, sample: { percent: 0.5, seed: 3 }, maxItems: 5 }],
    [{ itemMapping: 'text {{itemIndex}}' }],
    [{ itemMapping: null }],
    [
      ofTask({
        program: [
          { application: 'solver', version: '1.2-b' },
          { container: 'programs', prefix: '' },
        ],
      }),
    ],
    [ofTask({ secrets: { TOKEN: SECRET }, environment: { OTHER: '1' } })],
    [ofTask({ container: { image: 'ghcr.io/a/b@sha256:00', runOptions: '--shm-size=1g' } })],
    [ofTask({ resultFile: 'out/result.json' })],
    [{ ...ofTask({ instances: 4, coordinationCommandLine: 'sshd' }), pool: TEMPLATE }],
    [{ gather: { kind: 'reduce', commandLine: 'x', program: [{ application: 'merge' }] } }],
    [{ pool: { ...TEMPLATE, setupTask: { commandLine: 'x', program: [{ application: 'driver' }] } } }],
  ])('are taken: %j', (change) => {
    expect(refusals(change)).toEqual([]);
  });

  it.each<[object, path: string, code: string]>([
    [{ sample: { percent: 0 } }, '$.sample.percent', 'OutOfRange'],
    [{ sample: { percent: 100.1 } }, '$.sample.percent', 'OutOfRange'],
    [{ sample: { seed: 1 } }, '$.sample.percent', 'Required'],
    [{ sample: { percent: 1, every: 2 } }, '$.sample.every', 'UnknownField'],
    [{ input: { ...RANGES, format: 'parquet' } }, '$.input.split', 'NotApplicable'],
    [{ input: { ...RANGES, format: 'json' } }, '$.input.split', 'NotApplicable'],
    [{ input: { ...RANGES, split: 'columns' } }, '$.input.split', 'InvalidValue'],
    [{ input: { ...RANGES, bytesPerTask: undefined } }, '$.input.bytesPerTask', 'Required'],
    [{ input: { ...RANGES, rowsPerTask: 5 } }, '$.input.rowsPerTask', 'NotApplicable'],
    [{ input: { ...RANGES, columns: ['a'] } }, '$.input.columns', 'NotApplicable'],
    [{ input: RANGES, batching: { maxItemsPerTask: 2 } }, '$.batching', 'NotApplicable'],

    [ofTask({ program: [{ application: 'a/b' }] }), '$.task.program[0].application', 'InvalidValue'],
    [ofTask({ program: [{ application: 'a', prefix: 'x' }] }), '$.task.program[0].prefix', 'UnknownField'],
    [ofTask({ program: [{}] }), '$.task.program[0].container', 'Required'],
    [ofTask({ secrets: { TOKEN: 'https://x' } }), '$.task.secrets.TOKEN', 'InvalidValue'],
    [
      ofTask({ secrets: { TOKEN: { keyVaultSecret: 'hunter2' } } }),
      '$.task.secrets.TOKEN.keyVaultSecret',
      'InvalidValue',
    ],
    [ofTask({ secrets: { TOKEN: { ...SECRET, value: 'x' } } }), '$.task.secrets.TOKEN.value', 'InvalidValue'],
    [ofTask({ secrets: { AZ_BATCH_X: SECRET } }), '$.task.secrets.AZ_BATCH_X', 'InvalidValue'],
    [ofTask({ secrets: { A: SECRET }, environment: { A: '1' } }), '$.task.secrets.A', 'ConflictingNames'],
    [ofTask({ container: { image: '--privileged' } }), '$.task.container.image', 'InvalidValue'],
    [
      ofTask({ container: { image: 'a', runOptions: '-v /a:/b --entrypoint=x' } }),
      '$.task.container.runOptions',
      'NotApplicable',
    ],
    [ofTask({ resultFile: '../result.json' }), '$.task.resultFile', 'InvalidValue'],
    [ofTask({ resultFile: 'out/*.json' }), '$.task.resultFile', 'InvalidValue'],
    [ofTask({ instances: 1 }), '$.task.instances', 'OutOfRange'],
    [ofTask({ instances: 2 }), '$.task.instances', 'TooManyInstances'],
    [{ ...ofTask({ instances: 2 }), pool: { ...TEMPLATE, slotsPerNode: 2 } }, '$.task.instances', 'SlotsPerNode'],
    [ofTask({ coordinationCommandLine: 'x' }), '$.task.coordinationCommandLine', 'NotApplicable'],
  ])('are refused: %j at %s', (change, path, code) => {
    expect(refusals(change)).toContainEqual(expect.objectContaining({ path, code, message: expect.any(String) }));
  });
});
