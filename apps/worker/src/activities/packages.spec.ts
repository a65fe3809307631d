import { execFileSync } from 'node:child_process';
import type { Application, ApplicationVersion, ProgramSource } from '@windrow/contract';
import { packageCommandLine } from './command-line';
import { packageReferences, plannedPackages, resolvePackages } from './packages';

const APPLICATION: Partial<Application> = {
  batchApplication: 'windrow_w_solver_0f3c9a7be210',
  provisioningState: 'succeeded',
  defaultVersion: '1.2-B',
};
const VERSIONS: Record<string, Partial<ApplicationVersion>> = {
  '1.2-b': { version: '1.2-B', state: 'active' },
  '2': { version: '2', state: 'active' },
  '3': { version: '3', state: 'pending' },
};

function resolve(program: ProgramSource[], change: Partial<Application> = {}, workspace = 'w') {
  const get = async ({ kind, scope, name }: { kind: string; scope: string[]; name: string }) => {
    if (scope[0] !== 'w') return undefined;
    if (kind === 'application') return name === 'solver' ? { value: { ...APPLICATION, ...change } } : undefined;
    return VERSIONS[name] && { value: VERSIONS[name] };
  };
  return resolvePackages(workspace, program, { get } as never, '$.task.program');
}

describe('packages that a program names', () => {
  it("are the workspace's first: in the version that is named, or the default, with names of the workspace", async () => {
    expect(await resolve([{ application: 'solver' }, { container: 'c', prefix: '' }])).toEqual([
      {
        applicationId: 'windrow_w_solver_0f3c9a7be210',
        version: '1.2-B',
        variables: ['AZ_BATCH_APP_PACKAGE_solver_1_2_B', 'AZ_BATCH_APP_PACKAGE_solver'],
      },
    ]);
    expect(await resolve([{ application: 'solver', version: '2' }])).toMatchObject([
      { version: '2', variables: ['AZ_BATCH_APP_PACKAGE_solver_2'] },
    ]);
  });

  it("are else the account's, as they are named", async () => {
    const program = [{ application: 'tool', version: '1' }, { application: 'Solver' }];
    expect(await resolve(program)).toEqual([{ applicationId: 'tool', version: '1' }, { applicationId: 'Solver' }]);
    expect(packageReferences(await resolve(program))).toEqual([
      { applicationId: 'tool', version: '1' },
      { applicationId: 'Solver' },
    ]);
    expect(packageReferences([])).toBeUndefined();
  });

  it.each<[string, ProgramSource, Partial<Application>, string, string]>([
    [
      'a version that is not there',
      { application: 'solver', version: '9' },
      {},
      'ApplicationVersionNotFound',
      'version',
    ],
    ['a pending one', { application: 'solver', version: '3' }, {}, 'ApplicationVersionNotFound', 'version'],
    ['no default', { application: 'solver' }, { defaultVersion: '' }, 'ApplicationVersionNotFound', 'version'],
    [
      'an application that is being deleted',
      { application: 'solver', version: '2' },
      { provisioningState: 'deleting' },
      'ApplicationNotFound',
      'application',
    ],
    [
      'that of a workspace by its id in the account',
      { application: 'Windrow_w_solver_0f3c9a7be210', version: '2' },
      {},
      'ApplicationNotFound',
      'application',
    ],
  ])('are refused: %s', async (_, source, change, code, member) => {
    await expect(resolve([source], change)).rejects.toMatchObject({ code, path: `$.task.program[0].${member}` });
  });

  it('of another workspace are not there', async () => {
    expect(await resolve([{ application: 'solver', version: '2' }], {}, 'other')).toEqual([
      { applicationId: 'solver', version: '2' },
    ]);
  });

  it('are those of the plan, or of the account where the plan is older than that', () => {
    const planned = [{ applicationId: 'p', version: '1' }];
    expect(plannedPackages(planned, [{ application: 'a' }])).toBe(planned);
    expect(plannedPackages(undefined, [{ application: 'a' }])).toEqual([{ applicationId: 'a' }]);
  });
});

it('a command finds its packages by the names of the workspace, and is run as it was written', async () => {
  const packages = await resolve([{ application: 'solver' }]);
  const env = { PATH: process.env['PATH'], AZ_BATCH_APP_PACKAGE_windrow_w_solver_0f3c9a7be210_1_2_B: '/apps/a b' };
  const line = packageCommandLine(
    `/bin/sh -c 'printf "%s|" "$AZ_BATCH_APP_PACKAGE_solver" "$AZ_BATCH_APP_PACKAGE_solver_1_2_B" "$1"' x "it's"`,
    packages,
  );
  expect(execFileSync('/bin/sh', ['-c', line], { env }).toString()).toBe("/apps/a b|/apps/a b|it's|");
  expect(packageCommandLine('run me', [{ applicationId: 'tool', version: '1' }])).toBe('run me');
});
