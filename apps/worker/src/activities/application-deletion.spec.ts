import type { ApplicationManager } from '@windrow/batch';
import { BatchConflictError, BatchRefusedError } from '@windrow/batch';
import { applicationPlace, versionPlace } from '@windrow/contract';
import { createApplicationDeletionActivities } from './application-deletion';
import type { ActivityDeps } from './deps';

jest.mock('./poll', () => ({ beating: (work: () => Promise<unknown>) => work() }));

const SOLVER = { workspace: 'w', application: 'solver' };

/** Two applications of one workspace, one of another; tells what was deleted where, in its order. */
function lab({ managed = true, conflicts = 0 } = {}) {
  const calls: string[] = [];
  const packages: Record<string, string[]> = { solver: ['1', '2'], tool: [], theirs: ['1'] };
  const stored = new Set(
    ['solver', 'tool']
      .map((application) => applicationPlace({ workspace: 'w', application }))
      .concat(applicationPlace({ workspace: 'v', application: 'theirs' }))
      .concat(['1', '2'].map((version) => versionPlace({ ...SOLVER, version })) as never[])
      .map(({ kind, scope, name }) => [kind, ...scope, name].join('|')),
  );
  const namesIn = (kind: string, scope: string[]) =>
    [...stored].filter((id) => id.startsWith(`${[kind, ...scope].join('|')}|`)).map((id) => id.split('|').at(-1)!);
  const resources = {
    get: async ({ kind, scope, name }: { kind: string; scope: string[]; name: string }) =>
      namesIn(kind, scope).includes(name) ? { value: { batchApplication: name } } : undefined,
    list: async ({ kind, scope }: { kind: string; scope: string[] }) => ({
      rows: namesIn(kind, scope).map((name) => ({ name, value: { batchApplication: name } })),
    }),
    delete: async ({ kind, scope, name }: { kind: string; scope: string[]; name: string }) => {
      const id = [kind, ...scope, name].join('|');
      if (stored.delete(id)) calls.push(`stored ${id}`);
    },
  };
  const applications: Partial<ApplicationManager> = {
    listPackages: async (id) => packages[id] ?? [],
    deletePackage: async (id, version) => {
      calls.push(`package ${id} ${version}`);
      packages[id] = packages[id]!.filter((one) => one !== version);
    },
    delete: async (id) => {
      if (conflicts-- > 0) throw new BatchConflictError('has packages', { code: 'OperationInvalidForCurrentState' });
      calls.push(`application ${id}`);
    },
  };
  const deps = { storage: { resources }, ...(managed && { applications }) } as unknown as ActivityDeps;
  return { calls, stored, sut: createApplicationDeletionActivities(deps) };
}

describe('deleting applications', () => {
  it('takes packages before the application, what is stored after, and is nothing when done again', async () => {
    const { calls, sut } = lab();
    await sut.deleteApplication(SOLVER);
    expect(calls).toEqual([
      ...['package solver 1', 'package solver 2', 'application solver'],
      ...[
        'stored applicationVersion|w|solver|1',
        'stored applicationVersion|w|solver|2',
        'stored application|w|solver',
      ],
    ]);
    await sut.deleteApplication(SOLVER);
    expect(calls).toHaveLength(6);
  });

  it('goes on where it was when Batch refuses for the moment', async () => {
    const { calls, stored, sut } = lab({ conflicts: 1 });
    await expect(sut.deleteApplication(SOLVER)).rejects.toThrow(BatchConflictError);
    expect(stored).toContain('application|w|solver');
    await sut.deleteApplication(SOLVER);
    expect(calls.filter((call) => call.startsWith('package'))).toHaveLength(2);
    expect(calls.at(-1)).toBe('stored application|w|solver');
  });

  it('takes all of a workspace, and none of another', async () => {
    const { stored, sut } = lab();
    expect(await sut.deleteApplications({ workspace: 'w' })).toEqual({ removed: 2 });
    expect([...stored]).toEqual(['application|v|theirs']);
  });

  it('says what to set where the account cannot be managed, and needs nothing where there are none', async () => {
    const { sut, stored } = lab({ managed: false });
    await expect(sut.deleteApplications({ workspace: 'w' })).rejects.toThrow(BatchRefusedError);
    await expect(sut.deleteApplication(SOLVER)).rejects.toThrow('WINDROW_BATCH_ARM');
    expect(stored).toContain('application|w|solver');
    expect(await sut.deleteApplications({ workspace: 'none' })).toEqual({ removed: 0 });
  });
});
