import { BatchManagementClient, type Pool } from '@azure/arm-batch';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Azurite } from './azurite';
import { Rest } from './rest';
import { until } from './target';

/** The unmodified client from npm; only its refusal of plain http is taken out. */
describe('@azure/arm-batch 9.1.0 works unchanged', () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let client: BatchManagementClient;
  const group = 'my-group';
  const image = { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts', version: 'latest' };
  beforeAll(async () => {
    azurite = await Azurite.start();
    const storage = azurite.connectionString;
    emulator = await startEmulator({ bearer: true, storage, subscription: 'sub-1', resourceGroup: group });
    const credential = { getToken: () => Promise.resolve({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) };
    client = new BatchManagementClient(credential, 'sub-1', { endpoint: emulator.url });
    client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    client.pipeline.addPolicy({
      name: 'plainHttp',
      sendRequest: (request, next) => {
        request.allowInsecureConnection = true;
        request.headers.set('authorization', 'Bearer x');
        return next(request);
      },
    });
  });
  afterAll(async () => {
    await emulator.close();
    await azurite.stop();
  });

  const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  };

  it('accounts: list, get, keys, update, another one made and deleted', async () => {
    const accounts = client.batchAccountOperations;
    expect((await all(accounts.list())).map(({ name }) => name)).toEqual([emulator.account]);
    const own = await accounts.get(group, emulator.account);
    expect(own.autoStorage?.storageAccountId).toMatch(/storageAccounts\/devstoreaccount1$/);
    expect(own.autoStorage?.lastKeySync).toBeInstanceOf(Date);
    const before = await accounts.getKeys(group, emulator.account);
    const after = await accounts.regenerateKey(group, emulator.account, { keyName: 'Primary' });
    expect([after.secondary, after.primary === before.primary]).toEqual([before.secondary, false]);
    await accounts.synchronizeAutoStorageKeys(group, emulator.account);
    expect((await accounts.update(group, emulator.account, { tags: { a: 'b' } })).tags).toEqual({ a: 'b' });
    const made = await accounts.beginCreateAndWait(group, 'second1', { location: 'local' });
    expect([made.name, made.provisioningState]).toEqual(['second1', 'Succeeded']);
    expect(await all(accounts.listByResourceGroup(group))).toHaveLength(2);
    await accounts.beginDeleteAndWait(group, 'second1');
    await expect(accounts.get(group, 'second1')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
    expect((await client.location.getQuotas('local')).accountQuota).toBe(50);
    expect(await all(client.operations.list())).not.toHaveLength(0);
  });

  it('pools: made, read by the Batch service, resized, changed, deleted', async () => {
    const { account } = emulator;
    const parameters: Pool = {
      displayName: 'from management',
      vmSize: 'STANDARD_D2_V3',
      deploymentConfiguration: {
        virtualMachineConfiguration: { imageReference: image, nodeAgentSkuId: 'batch.node.ubuntu 22.04' },
      },
      scaleSettings: { fixedScale: { targetDedicatedNodes: 1, resizeTimeout: 'PT10M' } },
      startTask: { commandLine: 'true', userIdentity: { autoUser: { scope: 'Task', elevationLevel: 'Admin' } } },
      taskSchedulingPolicy: { nodeFillType: 'Pack' },
      taskSlotsPerNode: 2,
    };
    const made = await client.poolOperations.create(group, account, 'managed', parameters);
    expect(made).toMatchObject({
      name: 'managed',
      provisioningState: 'Succeeded',
      allocationState: 'Resizing',
      interNodeCommunication: 'Disabled',
      taskSlotsPerNode: 2,
      scaleSettings: { fixedScale: { targetDedicatedNodes: 1, targetLowPriorityNodes: 0, resizeTimeout: 'PT10M' } },
      startTask: { userIdentity: { autoUser: { scope: 'Task', elevationLevel: 'Admin' } }, waitForSuccess: true },
      deploymentConfiguration: { virtualMachineConfiguration: { nodeAgentSkuId: 'batch.node.ubuntu 22.04' } },
    });
    expect(made.creationTime).toBeInstanceOf(Date);
    const rest = new Rest(emulator);
    expect((await rest.get('/pools/managed')).json).toMatchObject({
      displayName: 'from management',
      eTag: made.eTag,
      virtualMachineConfiguration: { nodeAgentSKUId: 'batch.node.ubuntu 22.04' },
    });
    const steady = (): Promise<Pool> =>
      until(async () => {
        const pool = await client.poolOperations.get(group, account, 'managed');
        return pool.allocationState === 'Steady' && pool;
      }, 'the pool to be steady');
    expect((await steady()).currentDedicatedNodes).toBe(1);
    const resized = await client.poolOperations.update(group, account, 'managed', {
      metadata: [{ name: 'userName', value: 'kept' }],
      scaleSettings: { fixedScale: { targetDedicatedNodes: 2, nodeDeallocationOption: 'TaskCompletion' } },
    });
    expect(resized).toMatchObject({
      metadata: [{ name: 'userName', value: 'kept' }],
      resizeOperationStatus: { targetDedicatedNodes: 2, nodeDeallocationOption: 'TaskCompletion' },
    });
    await steady();
    const listed = await all(client.poolOperations.listByBatchAccount(group, account, { filter: "name eq 'managed'" }));
    expect(listed.map(({ id }) => id)).toEqual([`${emulator.resourceId}/pools/managed`]);
    await client.poolOperations.beginDeleteAndWait(group, account, 'managed');
    expect((await rest.get('/pools/managed')).status).toBe(404);
  });

  it('pools: ETags guard, and refusals of the Batch service come in the form of management', async () => {
    const { account } = emulator;
    const parameters: Pool = { vmSize: 'standard_d2_v3' };
    const pool = await client.poolOperations.create(group, account, 'guarded', parameters, { ifNoneMatch: '*' });
    await expect(
      client.poolOperations.create(group, account, 'guarded', parameters, { ifNoneMatch: '*' }),
    ).rejects.toMatchObject({ statusCode: 412 });
    const change = { metadata: [{ name: 'a', value: 'b' }] };
    await client.poolOperations.update(group, account, 'guarded', change, { ifMatch: pool.eTag ?? '' });
    await expect(
      client.poolOperations.update(group, account, 'guarded', change, { ifMatch: pool.eTag ?? '' }),
    ).rejects.toMatchObject({ statusCode: 412, code: 'ConditionNotMet' });
    await expect(client.poolOperations.get(group, account, 'missing')).rejects.toMatchObject({
      statusCode: 404,
      code: 'PoolNotFound',
    });
    await expect(
      client.poolOperations.create(group, account, 'odd', { ...parameters, taskSlotsPerNode: 100_000 }),
    ).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPropertyValue' });
  });

  it('applications: made, listed, changed, deleted', async () => {
    const { account } = emulator;
    const { applicationOperations: applications, applicationPackageOperations: packages } = client;
    const made = await applications.create(group, account, 'App_1', { parameters: { displayName: 'An app' } });
    expect(made).toMatchObject({ name: 'App_1', displayName: 'An app', allowUpdates: true });
    const place = await packages.create(group, account, 'app_1', '1.0');
    expect([place.state, place.storageUrl]).toEqual(['Pending', expect.stringContaining('sig=')]);
    await expect(packages.activate(group, account, 'app_1', '1.0', { format: 'zip' })).rejects.toMatchObject({
      statusCode: 409,
      code: 'ApplicationPackageBlobNotFound',
    });
    await expect(applications.delete(group, account, 'app_1')).rejects.toMatchObject({ statusCode: 409 });
    expect((await all(packages.list(group, account, 'app_1'))).map(({ name }) => name)).toEqual(['1.0']);
    await packages.delete(group, account, 'app_1', '1.0');
    expect((await applications.update(group, account, 'app_1', { allowUpdates: false })).displayName).toBe('An app');
    await applications.delete(group, account, 'app_1');
    expect(await all(applications.list(group, account))).toEqual([]);
  });
});
