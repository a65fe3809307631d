import { createPool, IMAGE, poolReady } from './fixtures';
import { Rest, type Body } from './rest';
import { until, type Target } from './target';

export function describeNodeAccess(target: () => Target): void {
  describe('what is on a node, and who may log in', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    const oneNode = async (fields: Body = {}): Promise<{ path: string }> => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1, ...fields });
      const [node] = await poolReady(rest, poolId, 1);
      return { path: `/pools/${poolId}/nodes/${node.id}` };
    };

    it('shows what a node is before and after its first boot', async () => {
      const extensions = [{ name: 'x', publisher: 'p', type: 't', protectedSettings: { secret: '1' } }];
      const { path } = await oneNode({
        virtualMachineConfiguration: { ...IMAGE, extensions },
        networkConfiguration: {
          endpointConfiguration: {
            inboundNATPools: [
              {
                name: 'web',
                protocol: 'tcp',
                backendPort: 80,
                frontendPortRangeStart: 60000,
                frontendPortRangeEnd: 60100,
              },
            ],
          },
        },
        startTask: { commandLine: 'true' },
      });
      const { json } = await rest.get(path);
      expect(json).toMatchObject({
        vmSize: 'standard_d2_v3',
        ipAddress: expect.stringMatching(/^10\./),
        isDedicated: true,
        certificateReferences: [],
        nodeAgentInfo: { lastUpdateTime: json.lastBootTime, version: expect.any(String) },
        virtualMachineInfo: { imageReference: { version: 'latest', exactVersion: expect.any(String) } },
        startTaskInfo: { state: 'completed', result: 'success' },
      });
      expect(json.endpointConfiguration.inboundEndpoints).toEqual([
        expect.objectContaining({ name: 'SSHRule.0', protocol: 'tcp', frontendPort: 50000, backendPort: 22 }),
        expect.objectContaining({ name: 'web.0', frontendPort: 60000, backendPort: 80 }),
      ]);
      for (const absent of ['recentTasks', 'errors']) expect(json).not.toHaveProperty(absent);

      const list = (await rest.get(`${path}/extensions`)).json.value;
      expect(list).toEqual([
        expect.objectContaining({
          provisioningState: 'Succeeded',
          vmExtension: { name: 'x', publisher: 'p', type: 't' },
        }),
      ]);
      expect((await rest.get(`${path}/extensions/X`)).json.vmExtension.name).toBe('x');
      expect((await rest.get(`${path}/extensions/y`)).status).toBe(404);
    });

    it('users come and go, their passwords never come back', async () => {
      const { path } = await oneNode();
      const user = { name: 'somebody', isAdmin: false, password: 'very secret' };
      const added = await rest.post(`${path}/users`, user);
      expect(added.status).toBe(201);
      expect(added.headers['location']).toBe(`${rest.target.url}${path}/users/somebody`);
      expect(added.headers['dataserviceid']).toBe(added.headers['location']);
      expect([added.headers['etag'], added.text]).toEqual([undefined, '']);
      const twice = await rest.post(`${path}/users`, user);
      expect([twice.status, twice.json.code]).toEqual([409, 'NodeUserExists']);
      const changed = await rest.put(`${path}/users/somebody`, { password: 'other' });
      expect([changed.status, changed.headers['dataserviceid']]).toEqual([
        200,
        `${rest.target.url}${path}/users/somebody`,
      ]);
      expect((await rest.get(path)).text).not.toContain('secret');
      expect((await rest.delete(`${path}/users/somebody`)).status).toBe(200);
      for (const gone of [
        await rest.put(`${path}/users/somebody`, { password: 'x' }),
        await rest.delete(`${path}/users/somebody`),
      ]) {
        expect([gone.status, gone.json.code]).toEqual([404, 'NodeUserNotFound']);
      }
    });

    it('users have names of at most 20 characters, and end when they expire', async () => {
      const { path } = await oneNode();
      const long = await rest.post(`${path}/users`, { name: 'x'.repeat(21), password: 'y' });
      expect([long.status, long.json.code]).toEqual([400, 'InvalidPropertyValue']);
      const past = await rest.post(`${path}/users`, { name: 'x', password: 'y', expiryTime: '2020-01-01T00:00:00Z' });
      expect([past.status, past.json.code]).toEqual([400, 'InvalidPropertyValue']);
      const expiryTime = new Date(Date.now() + 300).toISOString();
      expect((await rest.post(`${path}/users`, { name: 'x', password: 'y', expiryTime })).status).toBe(201);
      await until(async () => (await rest.delete(`${path}/users/x`)).status === 404, 'the user to expire');
    });

    it('tells where to log in', async () => {
      const { path } = await oneNode();
      const { status, json } = await rest.get(`${path}/remoteloginsettings`);
      expect([status, json.remoteLoginIPAddress, json.remoteLoginPort]).toEqual([200, expect.any(String), 50000]);
      const old = await rest.get(`${path}/rdp`, { apiVersion: '2024-02-01.19.0' });
      expect([old.status, old.headers['content-type']]).toEqual([200, 'application/octet-stream']);
      expect(old.text).toContain('full address:s:');
      expect((await rest.get(`${path}/rdp`)).status).toBe(404);
    });
  });
}
