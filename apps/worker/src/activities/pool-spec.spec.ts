import type { LinkMinter } from '@windrow/storage';
import type { ClusterInput, PoolSpec, PoolTemplate, ProgramPackage, TaskSpec } from '@windrow/contract';
import { completePool } from '@windrow/contract';
import { poolBody, startTaskOf } from './pool-spec';

const template: PoolTemplate = { vmSizes: ['standard_d2s_v3'], nodes: { max: 4 } };
const input: ClusterInput = {
  ...{ workspace: 'w', cluster: '~u', uid: 'u', createdTime: '2026-01-01T00:00:00Z' },
  ephemeral: true,
  template,
};
const poolOf = (pool: PoolSpec, task: Partial<TaskSpec>) =>
  completePool({ input: { kind: 'repeat', count: 1 }, task: { commandLine: 'x', ...task }, pool });
const bodyOf = (own: PoolTemplate, packages: ProgramPackage[] = []) =>
  poolBody(input, own, {
    ...{ id: 'p', vmSize: 0, targets: { dedicated: 1, spot: 0 }, workflowId: 'c', deployment: 'd' },
    packages,
  });

describe("a job's own pool", () => {
  it('fetches the image of the tasks beside those it names, each once', () => {
    const container = { image: 'b:1' };
    const named = { ...template, containerImages: ['a:1', 'b:1'] };
    expect(poolOf(template, { container })).toMatchObject({ containerImages: ['b:1'] });
    const own = poolOf(named, { container }) as PoolTemplate;
    expect(bodyOf(own).virtualMachineConfiguration.containerConfiguration).toEqual({
      type: 'dockerCompatible',
      containerImageNames: ['a:1', 'b:1'],
    });
  });

  it('lets the nodes of a multi-instance task talk', () => {
    const own = poolOf(template, { instances: 2 }) as PoolTemplate;
    expect(bodyOf(own)).toMatchObject({ enableInterNodeCommunication: true });
  });

  it('is given the packages of its set-up task', () => {
    const packages = [{ applicationId: 'a', version: '1', variables: ['A'] }, { applicationId: 'b' }];
    expect(bodyOf(template, packages).applicationPackageReferences).toEqual([
      { applicationId: 'a', version: '1' },
      { applicationId: 'b' },
    ]);
  });

  it('runs its set-up task with the names of its packages', async () => {
    const packages = [{ applicationId: 'a', version: '1', variables: ['A'] }];
    const own = { ...template, setupTask: { commandLine: 'set-up' } };
    const startTask = await startTaskOf({} as LinkMinter, own, [], packages);
    expect(startTask?.commandLine).toBe(
      `/bin/sh -c 'export A="$AZ_BATCH_APP_PACKAGE_a_1" && exec "$@"' windrow set-up`,
    );
  });

  it('is as it is written where tasks ask for nothing, and so is a named cluster', () => {
    expect(poolOf(template, {})).toEqual(template);
    const body = bodyOf(template);
    for (const part of ['enableInterNodeCommunication', 'applicationPackageReferences'])
      expect(body).not.toHaveProperty(part);
    expect(body.virtualMachineConfiguration).not.toHaveProperty('containerConfiguration');
    const pool = { cluster: 'c' };
    expect(poolOf(pool, { instances: 2 })).toEqual(pool);
  });
});
