import type { BatchPool } from '@windrow/batch';
import { BatchConflictError } from '@windrow/batch';
import type { ClusterInput, PoolTemplate } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { createPoolSizeActivities } from './pool-size';
import type { NodeTargets } from './pool-types';

jest.mock('@temporalio/activity', () => ({ heartbeat: () => undefined, sleep: async () => undefined }));

const TEMPLATE: PoolTemplate = { vmSizes: ['a'], nodes: { max: 5 } };
const FORMULA = { ...TEMPLATE, autoscaleFormula: '$TargetDedicatedNodes=1' };

/** A Batch account whose one pool exists; tells which calls changed it, in their order. */
function account(found: Partial<BatchPool>, { quota, free = 0 }: { quota?: number; free?: number } = {}) {
  const calls: string[] = [];
  const patches: object[] = [];
  let pool = { vmSize: 'a', allocationState: 'steady', lastModified: 't', ...found } as BatchPool;
  const note =
    (name: string, change: Partial<BatchPool> = {}) =>
    async () => {
      calls.push(name);
      pool = { ...pool, ...change };
    };
  const pools = {
    create: () => Promise.reject(new BatchConflictError('there', { code: 'PoolExists' })),
    get: async () => pool,
    patch: async (_id: string, change: object) => {
      calls.push('patch');
      patches.push(change);
    },
    resize: note('resize'),
    stopResize: note('stopResize', { allocationState: 'steady' }),
    enableAutoScale: note('enableAutoScale'),
    disableAutoScale: note('disableAutoScale', { enableAutoScale: false }),
  };
  const timing = { pollMinMs: 1, pollMaxMs: 1, patienceMs: 1 };
  const prices = { currency: 'EUR', vmSizes: { a: { dedicated: 1, spot: 0.5 } } };
  const asked: object[] = [];
  const executeUpdateWithStart = async (_name: string, { args }: { args: { nodes: number }[] }) => {
    asked.push(args[0]!);
    const granted = Math.min(free, args[0]!.nodes);
    return { granted, ...(granted < args[0]!.nodes && { message: 'all in use' }) };
  };
  const workspace = { value: { updatedTime: 't', quotas: { nodes: quota } } };
  const server = { value: { nfs: { source: 'h:/x' } } };
  const get = async ({ kind }: { kind: string }) =>
    kind === 'fileServer' ? server : quota === undefined ? undefined : workspace;
  const deps = {
    ...{ batch: { pools }, storage: { resources: { get } }, timing, prices, deployment: 'd' },
    temporal: () => ({ workflow: { executeUpdateWithStart } }),
  } as unknown as ActivityDeps;
  const input = { cluster: 'c', workspace: 'w', uid: 'u' } as ClusterInput;
  const size = (targets: NodeTargets | 'formula', { kick = false, template = TEMPLATE } = {}) =>
    createPoolSizeActivities(deps).sizePool({
      input,
      template,
      poolId: 'p',
      vmSize: 0,
      targets,
      workflowId: 'x',
      kick,
    });
  return { calls, patches, asked, size };
}

const AT_THREE = { targetDedicatedNodes: 3, targetLowPriorityNodes: 0 };
const THREE = { dedicated: 3, spot: 0 };

describe('the size of a pool', () => {
  it('is left alone where it is as wanted, and told with the price of its VM size', async () => {
    const { calls, size } = account(AT_THREE);
    expect(await size(THREE)).toEqual({ resizedAt: 't', price: { currency: 'EUR', dedicated: 1, spot: 0.5 } });
    expect(calls).toEqual([]);
  });

  it('is no more than the workspace may have, and says why', async () => {
    const { calls, asked, size } = account(AT_THREE, { quota: 4, free: 4 });
    const refused = { code: 'WorkspaceQuota', message: 'all in use' };
    expect(await size({ dedicated: 2, spot: 4 })).toMatchObject({ held: 4, given: { dedicated: 1, spot: 3 }, refused });
    expect(asked).toMatchObject([{ holder: 'x', poolId: 'p', nodes: 6, quotas: { nodes: 4 } }]);
    expect(calls).toEqual(['resize']);
  });

  it('goes down while what is there still counts against the quota', async () => {
    const { asked, size } = account({ ...AT_THREE, currentDedicatedNodes: 3 }, { quota: 4, free: 4 });
    const answer = await size({ dedicated: 1, spot: 0 });
    expect(asked).toMatchObject([{ nodes: 3 }]);
    expect(answer).toMatchObject({ held: 3 });
    expect(answer).not.toHaveProperty('refused');
  });

  it('brings fresh mounts to a pool that is empty, and only to such a one', async () => {
    const template = { ...TEMPLATE, mounts: [{ fileServer: 'data', path: 'data' }] };
    const empty = account({ targetDedicatedNodes: 0 });
    await empty.size(THREE, { template });
    expect(empty.calls).toEqual(['patch', 'resize']);
    const full = account({ targetDedicatedNodes: 1, currentDedicatedNodes: 1 });
    await full.size(THREE, { template });
    expect(full.calls).toEqual(['resize']);
  });

  it('brings a set-up task and the packages it names together', async () => {
    const setupTask = { commandLine: 'set-up', program: [{ application: 'driver', version: '2' }] };
    const { patches, size } = account({ targetDedicatedNodes: 1 });
    await size(THREE, { template: { ...TEMPLATE, setupTask } });
    expect(patches).toMatchObject([
      {
        startTask: { commandLine: 'set-up' },
        applicationPackageReferences: [{ applicationId: 'driver', version: '2' }],
      },
    ]);
  });

  it('is asked for again when the pool stands still below it', async () => {
    const { calls, size } = account(AT_THREE);
    await size(THREE, { kick: true });
    expect(calls).toEqual(['resize']);
  });

  it('is asked for anew when the pool hangs in a resize, which is stopped first', async () => {
    const { calls, size } = account({ ...AT_THREE, allocationState: 'resizing' });
    await size(THREE);
    expect(calls).toEqual([]);
    await size(THREE, { kick: true });
    expect(calls).toEqual(['stopResize', 'resize']);
  });

  it('is left to the formula, which is given again when it is no longer evaluated', async () => {
    const scaled = { enableAutoScale: true, autoScaleFormula: FORMULA.autoscaleFormula };
    const { calls, size } = account(scaled);
    await size('formula', { template: FORMULA });
    expect(calls).toEqual([]);
    await size('formula', { template: FORMULA, kick: true });
    expect(calls).toEqual(['enableAutoScale']);
  });

  it('is taken from the formula when the cluster is broken', async () => {
    const { calls, size } = account({ enableAutoScale: true });
    await size({ dedicated: 0, spot: 0 }, { template: FORMULA });
    expect(calls).toEqual(['disableAutoScale', 'resize']);
  });
});
