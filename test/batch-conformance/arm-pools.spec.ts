import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { createPool, IMAGE } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

describe('management of pools', () => {
  let emulator: Emulator;
  let arm: Arm;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ bearer: true, admin: true });
    arm = new Arm(emulator);
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  it('shows pools of the Batch service in its own words', async () => {
    const id = await createPool(rest, {
      targetDedicatedNodes: 0,
      enableInterNodeCommunication: true,
      virtualMachineConfiguration: {
        ...IMAGE,
        osDisk: { caching: 'readwrite' },
        dataDisks: [{ lun: 0, diskSizeGB: 10, managedDisk: { storageAccountType: 'premium_lrs' } }],
      },
      userAccounts: [{ name: 'u', password: 'secret', elevationLevel: 'admin' }],
      startTask: {
        commandLine: 'true',
        userIdentity: { username: 'u' },
        environmentSettings: [{ name: 'username', value: 'left alone' }],
      },
      networkConfiguration: {
        endpointConfiguration: {
          inboundNATPools: [
            { name: 'n', protocol: 'tcp', backendPort: 80, frontendPortRangeStart: 1, frontendPortRangeEnd: 100 },
          ],
        },
      },
    });
    const { status, headers, json } = await arm.get(`pools/${id}`);
    expect([status, headers.get('etag')]).toEqual([200, json.etag]);
    expect(json.properties).toMatchObject({
      interNodeCommunication: 'Enabled',
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          nodeAgentSkuId: IMAGE.nodeAgentSKUId,
          osDisk: { caching: 'ReadWrite' },
          dataDisks: [{ managedDisk: { storageAccountType: 'Premium_LRS' } }],
        },
      },
      userAccounts: [{ name: 'u', elevationLevel: 'Admin' }],
      startTask: { userIdentity: { userName: 'u' }, environmentSettings: [{ name: 'username', value: 'left alone' }] },
      networkConfiguration: {
        dynamicVnetAssignmentScope: 'none',
        endpointConfiguration: { inboundNatPools: [{ protocol: 'TCP' }] },
      },
    });
    expect(JSON.stringify(json)).not.toContain('secret');
    await until(async () => (await arm.get(`pools/${id}`)).json.properties.allocationState === 'Steady', 'steady');
    const present = (await arm.get(`pools/${id}`)).json;
    expect((await arm.put(`pools/${id}`, present)).json).toEqual(present);
  });

  it('what was read may be written back without a change', async () => {
    const id = uniqueId('pool');
    await arm.put(`pools/${id}`, { properties: { vmSize: 'STANDARD_D2_V3', scaleSettings: fixed(0) } });
    await until(async () => (await arm.get(`pools/${id}`)).json.properties.allocationState === 'Steady', 'steady');
    const before = (await arm.get(`pools/${id}`)).json;
    const answer = await arm.put(`pools/${id}`, before);
    expect([answer.status, answer.json]).toEqual([200, before]);
  });

  it('lists with a filter, a selection and pages', async () => {
    const ids = [await createPool(rest, { targetDedicatedNodes: 0, displayName: "it's" }), await createPool(rest)];
    const filter = encodeURIComponent(ids.map((id) => `name eq '${id}'`).join(' or '));
    const first = (await arm.get(`pools?$filter=${filter}&maxresults=1&$select=properties/vmSize`)).json;
    expect(first.value.map((pool: Body) => [pool.name, Object.keys(pool.properties)])).toEqual([[ids[0], ['vmSize']]]);
    const second = (await arm.get(first.nextLink.replace(emulator.url, ''))).json;
    expect(second.value.map((pool: Body) => pool.name)).toEqual([ids[1]]);
    expect(second).not.toHaveProperty('nextLink');
    const states = encodeURIComponent(`(name eq '${ids[0]}') and properties/allocationState eq 'stopping'`);
    expect((await arm.get(`pools?$filter=${states}`)).json.value).toEqual([]);
  });

  it('stopResize ends a resize, and again is refused', async () => {
    const id = uniqueId('pool');
    const rule = { kind: 'slowAllocation', poolId: id, ms: 600_000 };
    await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body: JSON.stringify(rule) });
    await arm.put(`pools/${id}`, { properties: { vmSize: 'simulated_d2', scaleSettings: fixed(1) } });
    const stopped = await arm.post(`pools/${id}/stopResize`);
    expect([stopped.status, stopped.json.properties.allocationState]).toEqual([200, 'Stopping']);
    const again = await arm.post(`pools/${id}/stopResize`);
    expect([again.status, again.json.error.code]).toEqual([409, 'OperationInvalidForCurrentState']);
  });

  it('a delete is accepted, pending while nodes leave, then done', async () => {
    const id = await createPool(rest, { vmSize: 'simulated_d2' });
    const deleted = await arm.delete(`pools/${id}`);
    expect([deleted.status, deleted.headers.get('retry-after')]).toEqual([202, '1']);
    const location = deleted.headers.get('location')?.replace(emulator.url, '') ?? '';
    expect(location).toMatch(/poolOperationResults/);
    await until(async () => (await arm.get(location)).status === 200, 'the delete to end');
    expect((await arm.get(`pools/${id}`)).status).toBe(404);
    expect((await arm.delete(`pools/${id}`)).status).toBe(204);
  });

  it.each([
    [{ vmSize: 'standard_d2_v3', colour: 'red' }, 'InvalidRequestContent'],
    [{ vmSize: 'standard_d2_v3', scaleSettings: {} }, 'InvalidRequestContent'],
    [{ vmSize: 'standard_d2_v3', applicationPackages: [{ id: 'nosuchapp' }] }, 'InvalidApplicationPackageReferences'],
    [{}, 'MissingRequiredProperty'],
  ])('refuses %j with %s', async (properties, code) => {
    const answer = await arm.put(`pools/${uniqueId('pool')}`, { properties });
    expect([answer.status >= 400 && answer.status < 500, answer.json.error.code]).toEqual([true, code]);
  });
});

const fixed = (targetDedicatedNodes: number): Body => ({ fixedScale: { targetDedicatedNodes } });
