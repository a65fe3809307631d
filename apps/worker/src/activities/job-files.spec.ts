import type { JobSpec, PlanSummary } from '@windrow/contract';
import { templateOf } from './job-files';

const plan = { program: [], reduceProgram: [] } as unknown as PlanSummary;
const spec: JobSpec = {
  input: { kind: 'repeat', count: 1 },
  task: {
    commandLine: 'x',
    container: { image: 'i' },
    program: [{ container: 'programs', prefix: 'a/' }, { application: 'app' }],
    secrets: { TOKEN: { keyVaultSecret: 'https://v.vault.azure.net/secrets/t' } },
    resultFile: 'out/result.json',
  },
  pool: { cluster: 'c' },
  gather: { kind: 'reduce', commandLine: 'merge', program: [{ application: 'merge', version: '2' }] },
};

describe('what a wave runs', () => {
  it('keeps the result file of a task with its outputs', () => {
    expect(templateOf(spec, plan, 'tasks').outputs).toEqual([{ pattern: 'out/**' }, { pattern: 'out/result.json' }]);
  });

  it('takes packages from the program, and none of the references to secrets', () => {
    const template = templateOf(spec, plan, 'tasks');
    expect(template.packages).toEqual([{ applicationId: 'app' }]);
    expect(JSON.stringify(template)).not.toContain('vault');
  });

  it('takes packages from a plan that has them', () => {
    const packages = [{ applicationId: 'windrow_w_app_0', version: '1', variables: ['AZ_BATCH_APP_PACKAGE_app_1'] }];
    const frozen = { ...plan, packages, reducePackages: [] };
    expect(templateOf(spec, frozen, 'tasks').packages).toEqual(packages);
    expect(templateOf(spec, frozen, 'reduce-1').packages).toEqual([]);
  });

  it('reduces in the container of the tasks, as their pool runs nothing else, with packages of its own', () => {
    expect(templateOf(spec, plan, 'reduce-1')).toMatchObject({
      commandLine: 'merge',
      container: { image: 'i' },
      packages: [{ applicationId: 'merge', version: '2' }],
      outputs: [{ pattern: 'out/**' }],
    });
  });
});
