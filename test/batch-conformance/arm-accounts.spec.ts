import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { Rest } from './rest';

describe('management of accounts', () => {
  let location: string;
  let emulator: Emulator;
  let arm: Arm;
  let rest: Rest;
  const start = async (): Promise<void> => {
    emulator = await startEmulator({ bearer: true, location, quotas: { pools: 7 }, region: 'westeurope' });
    arm = new Arm(emulator);
    rest = new Rest(emulator);
  };
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-arm-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });
  const group = (): string => emulator.resourceId.replace(/\/batchAccounts\/.*/, '');
  const subscription = (): string => emulator.resourceId.replace(/\/resourceGroups\/.*/, '/providers/Microsoft.Batch');

  it('wants a bearer token, and says so', async () => {
    for (const authorization of ['', 'SharedKey a:b', 'Bearer ']) {
      const refused = await arm.get('', { authorization });
      expect([refused.status, refused.json.error.code]).toEqual([401, 'AuthenticationFailed']);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/);
    }
    const strict = await startEmulator();
    const refused = await new Arm(strict).get('');
    await strict.close();
    expect([refused.status, refused.json.error.message]).toEqual([401, expect.stringContaining('--bearer any')]);
  });

  it('takes any known api-version, and only those', async () => {
    for (const version of ['2019-08-01', '2024-02-01', '2025-06-01']) {
      expect((await arm.get(`?api-version=${version}`)).status).toBe(200);
    }
    expect((await arm.get('?api-version=1999-01-01')).json.error.code).toBe('InvalidApiVersionParameter');
    const missing = await fetch(`${emulator.url}${emulator.resourceId}`, { headers: { authorization: 'Bearer x' } });
    expect([missing.status, await missing.json()]).toMatchObject([
      400,
      { error: { code: 'MissingApiVersionParameter' } },
    ]);
  });

  it('has the account from the start, with its quotas, in lists and by a path in any case', async () => {
    const { json } = await arm.get('');
    expect(json).toMatchObject({
      id: emulator.resourceId,
      name: emulator.account,
      type: 'Microsoft.Batch/batchAccounts',
      location: 'westeurope',
      properties: {
        accountEndpoint: new URL(emulator.url).host,
        provisioningState: 'Succeeded',
        poolAllocationMode: 'BatchService',
        poolQuota: 7,
        allowedAuthenticationModes: ['SharedKey', 'AAD', 'TaskAuthenticationToken'],
      },
    });
    expect(json.properties).not.toHaveProperty('autoStorage');
    expect((await arm.get(emulator.resourceId.toUpperCase())).json.id).toBe(emulator.resourceId);
    for (const scope of [group(), subscription()]) {
      expect((await arm.get(`${scope}/batchAccounts`)).json.value).toEqual([json]);
    }
  });

  it('what is not there is 404: account, resource group, subscription, path', async () => {
    const other = emulator.resourceId.replace(/resourceGroups\/[^/]+/, 'resourceGroups/elsewhere');
    expect((await arm.get(other)).json.error.code).toBe('ResourceNotFound');
    expect((await arm.get(`${group()}/batchAccounts/nosuchaccount`)).status).toBe(404);
    const foreign = emulator.resourceId.replace(/subscriptions\/[^/]+/, 'subscriptions/1');
    expect((await arm.get(foreign)).json.error.code).toBe('SubscriptionNotFound');
    expect((await arm.get('nosuchthing')).status).toBe(404);
    expect((await arm.put('listKeys', {})).status).toBe(405);
  });

  it('both keys are good; a regenerated one takes effect at once, and the old one is refused', async () => {
    const keys = (await arm.post('listKeys')).json;
    expect(keys).toEqual({ accountName: emulator.account, primary: emulator.key, secondary: expect.any(String) });
    expect((await rest.get('/pools', { key: keys.secondary })).status).toBe(200);
    const changed = (await arm.post('regenerateKeys', { keyName: 'Secondary' })).json;
    expect(changed.primary).toBe(keys.primary);
    expect((await rest.get('/pools', { key: keys.secondary })).status).toBe(403);
    expect((await rest.get('/pools', { key: changed.secondary })).status).toBe(200);
    const primary = (await arm.post('regenerateKeys', { keyName: 'Primary' })).json.primary;
    expect((await rest.get('/pools', { key: keys.primary })).status).toBe(403);
    expect(primary).toBe(emulator.key);
    expect((await arm.post('regenerateKeys', { keyName: 'Third' })).status).toBe(400);
  });

  it('regenerated keys, tags and modes outlive the emulator', async () => {
    await arm.post('regenerateKeys', { keyName: 'Primary' });
    const change = { tags: { team: 'a' }, properties: { allowedAuthenticationModes: ['SharedKey'] } };
    expect((await arm.patch('', change)).json).toMatchObject(change);
    const { key } = emulator;
    const account = (await arm.get('')).json;
    await emulator.close();
    await start();
    expect(emulator.key).toBe(key);
    const again = (await arm.get('')).json;
    expect(again).toMatchObject({ tags: account.tags, properties: { allowedAuthenticationModes: ['SharedKey'] } });
    expect((await rest.get('/pools', { key })).status).toBe(200);
  });

  it('a mode that is not allowed is refused on the Batch service', async () => {
    const modes = (allowedAuthenticationModes: string[]): Promise<unknown> =>
      arm.patch('', { properties: { allowedAuthenticationModes } });
    await modes(['AAD']);
    expect((await rest.get('/pools')).json.code).toBe('AuthenticationFailed');
    const bearer = { headers: { authorization: 'Bearer x' } };
    expect((await rest.get('/pools', bearer)).status).toBe(200);
    await modes(['SharedKey']);
    expect((await rest.get('/pools')).status).toBe(200);
    expect((await rest.get('/pools', bearer)).status).toBe(403);
    expect((await arm.patch('', { properties: { allowedAuthenticationModes: ['Password'] } })).status).toBe(400);
  });

  it('further accounts are resources: made with a long-running operation, kept, deleted', async () => {
    const account = `${group()}/batchAccounts/another1`;
    const created = await arm.put(account, { location: 'northeurope', tags: { a: 'b' } });
    expect([created.status, created.json.properties.provisioningState]).toEqual([202, 'Creating']);
    expect(created.headers.get('retry-after')).toBe('1');
    const done = await arm.get(created.headers.get('location')?.replace(emulator.url, '') ?? '');
    expect([done.status, done.json.properties.provisioningState]).toEqual([200, 'Succeeded']);
    await emulator.close();
    await start();
    expect((await arm.get(account)).json).toMatchObject({ location: 'northeurope', tags: { a: 'b' } });
    expect((await arm.get(`${account}/pools`)).json).toEqual({ value: [] });
    expect((await arm.delete(account)).status).toBe(202);
    expect((await arm.get(account)).status).toBe(404);
    expect((await arm.delete(account)).status).toBe(204);
    expect((await arm.put(`${group()}/batchAccounts/No`, { location: 'x' })).json.error.code).toBe(
      'InvalidAccountName',
    );
  });

  it("the emulator's own account cannot be deleted", async () => {
    expect((await arm.delete('')).status).toBe(409);
  });

  it('answers for locations: quotas, names, sizes; and lists its operations', async () => {
    const here = `${subscription()}/locations/westeurope`;
    expect((await arm.get(`${here}/quotas`)).json).toEqual({ accountQuota: 50 });
    const check = async (name: string): Promise<unknown> =>
      (await arm.post(`${here}/checkNameAvailability`, { name, type: 'Microsoft.Batch/batchAccounts' })).json;
    expect(await check('freename1')).toEqual({ nameAvailable: true });
    expect(await check(emulator.account)).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('No Name')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
    const sizes = (await arm.get(`${here}/virtualMachineSkus?maxresults=3`)).json;
    expect(sizes.value).toHaveLength(3);
    expect(sizes.value[0].capabilities[0].name).toBe('vCPUs');
    expect((await arm.get(sizes.nextLink.replace(emulator.url, ''))).json.value).toHaveLength(3);
    const operations = (await arm.get('/providers/Microsoft.Batch/operations')).json.value;
    expect(operations.map(({ name }: { name: string }) => name)).toContain('Microsoft.Batch/batchAccounts/pools/write');
  });
});
