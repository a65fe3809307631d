import { createPool, poolReady } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, type Target } from './target';

const ALL = ['2022-10-01.16.0', '2023-11-01.18.0', '2024-02-01.19.0', '2024-07-01.20.0', '2025-06-01'];
const [V16, V18, V19, V20, V2025] = ALL as [string, string, string, string, string];

/** What one version of the API has and another has not; each client speaks one. */
export function describeVersions(target: () => Target): void {
  describe('differences between versions of the API', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    it.each([
      ['GET', '/lifetimejobstats', [V16]],
      ['GET', '/lifetimepoolstats', [V16]],
      ['GET', '/certificates', [V16, V18, V19, V20]],
      ['POST', '/certificates', [V16, V18, V19, V20]],
      ['DELETE', '/certificates(thumbprintAlgorithm=sha1,thumbprint=00)', [V16, V18, V19, V20]],
      ['POST', '/pools/nosuchpool/nodes/nosuchnode/start', [V20, V2025]],
      ['POST', '/pools/nosuchpool/nodes/nosuchnode/deallocate', [V20, V2025]],
      ['GET', '/pools/nosuchpool/nodes/nosuchnode/rdp', [V16, V18, V19]],
      ['GET', '/pools/nosuchpool', ALL],
    ])('%s %s is a resource only in the versions that have it', async (method, path, versions) => {
      const known = [];
      for (const apiVersion of ALL) {
        const { json } = await rest.send(method, path, { apiVersion });
        if (json?.code !== 'ResourceNotFound') known.push(apiVersion);
      }
      expect(known).toEqual(versions);
    });

    it('a lifetime statistic is retired where it still is an operation', async () => {
      const retired = await rest.get('/lifetimejobstats', { apiVersion: V16 });
      expect([retired.status, retired.json.code]).toEqual([400, 'LifetimeStatsAPIRetired']);
    });

    it('a pool shows the properties of the version that is asked', async () => {
      const poolId = await createPool(rest, {
        targetDedicatedNodes: 0,
        upgradePolicy: { mode: 'manual' },
        resourceTags: { upgradePolicy: 'mine' },
        networkConfiguration: { enableAcceleratedNetworking: true },
        taskSchedulingPolicy: { nodeFillType: 'pack', jobDefaultOrder: 'creationtime' },
      });
      const pool = async (apiVersion: string): Promise<Body> =>
        (await rest.get(`/pools/${poolId}`, { apiVersion })).json;
      for (const old of [V16, V18]) {
        expect(await pool(old)).not.toHaveProperty('upgradePolicy');
        expect(await pool(old)).not.toHaveProperty('resourceTags');
        expect((await pool(old)).networkConfiguration).toEqual({ dynamicVNetAssignmentScope: 'none' });
      }
      for (const middle of [V19, V20]) {
        expect(await pool(middle)).toMatchObject({
          upgradePolicy: { mode: 'manual' },
          resourceTags: { upgradePolicy: 'mine' },
          networkConfiguration: { enableAcceleratedNetworking: true },
        });
        expect((await pool(middle)).taskSchedulingPolicy).toEqual({ nodeFillType: 'Pack' });
      }
      const newest = await pool(V2025);
      expect(newest).not.toHaveProperty('resourceTags');
      expect(newest.taskSchedulingPolicy).toEqual({ nodeFillType: 'Pack', jobDefaultOrder: 'creationtime' });
    });

    it('the same in a list, and below the automatic pool of a job', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0, resourceTags: { a: 'b' } });
      const query = { $filter: `id eq '${poolId}'` };
      const listed = async (apiVersion: string): Promise<Body> =>
        (await rest.get('/pools', { query, apiVersion })).json.value[0];
      expect(await listed(V20)).toHaveProperty('resourceTags');
      expect(await listed(V2025)).not.toHaveProperty('resourceTags');
      const id = uniqueId('schedule');
      const pool = { vmSize: 'Standard_D2_v3', upgradePolicy: { mode: 'manual' } };
      await rest.post('/jobschedules', {
        id,
        schedule: { doNotRunUntil: new Date(Date.now() + 3_600_000).toISOString() },
        jobSpecification: { poolInfo: { autoPoolSpecification: { poolLifetimeOption: 'job', pool } } },
      });
      const nested = async (apiVersion: string): Promise<Body> =>
        (await rest.get(`/jobschedules/${id}`, { apiVersion })).json.jobSpecification.poolInfo.autoPoolSpecification
          .pool;
      expect(await nested(V18)).not.toHaveProperty('upgradePolicy');
      expect(await nested(V20)).toHaveProperty('upgradePolicy');
      await rest.delete(`/jobschedules/${id}`);
    });

    it('the storage type of a data disk is where the version has it, wherever it came from', async () => {
      const image = {
        imageReference: { virtualMachineImageId: '/images/1' },
        nodeAgentSKUId: 'batch.node.ubuntu 22.04',
      };
      const create = (disk: Body, apiVersion: string): Promise<unknown> => {
        const id = uniqueId('pool');
        const body = { id, vmSize: 'Standard_D2_v3', virtualMachineConfiguration: { ...image, dataDisks: [disk] } };
        return rest.post('/pools', body, { apiVersion }).then(() => id);
      };
      const old = await create({ lun: 0, diskSizeGB: 8, storageAccountType: 'premium_lrs' }, V20);
      const fresh = await create({ lun: 0, diskSizeGB: 8, managedDisk: { storageAccountType: 'premium_lrs' } }, V2025);
      for (const id of [old, fresh]) {
        const disk = async (apiVersion: string): Promise<Body> =>
          (await rest.get(`/pools/${String(id)}`, { apiVersion })).json.virtualMachineConfiguration.dataDisks[0];
        expect(await disk(V20)).toEqual({ lun: 0, diskSizeGB: 8, storageAccountType: 'premium_lrs' });
        expect(await disk(V2025)).toEqual({
          lun: 0,
          diskSizeGB: 8,
          managedDisk: { storageAccountType: 'premium_lrs' },
        });
      }
    });

    it('a task and a node show what is left of certificates and tokens only to older versions', async () => {
      const poolId = await createPool(rest);
      const [node] = await poolReady(rest, poolId);
      const nodePath = `/pools/${poolId}/nodes/${node.id}`;
      expect((await rest.get(nodePath, { apiVersion: V20 })).json).toHaveProperty('certificateReferences');
      expect((await rest.get(nodePath, { apiVersion: V2025 })).json).not.toHaveProperty('certificateReferences');
      const jobId = uniqueId('job');
      await rest.post('/jobs', { id: jobId, poolInfo: { poolId: 'nosuchpool' } });
      const authenticationTokenSettings = { access: ['job'] };
      await rest.post(`/jobs/${jobId}/tasks`, { id: 'a', commandLine: 'true', authenticationTokenSettings });
      const tasks = async (apiVersion: string): Promise<Body> =>
        (await rest.get(`/jobs/${jobId}/tasks`, { apiVersion })).json.value[0];
      expect(await tasks(V20)).toMatchObject({ authenticationTokenSettings });
      expect(await tasks(V2025)).not.toHaveProperty('authenticationTokenSettings');
    });
  });
}
