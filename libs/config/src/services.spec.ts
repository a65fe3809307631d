import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, configOf, type Environment } from './reader';
import { readBatch, readKeyVaults, readLogLevel, readPrices, readStorage, readTemporal } from './services';

const ENV: Environment = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:8888/',
  TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
};

const read = (env: Environment) =>
  configOf(env, (reader) => ({
    storage: readStorage(reader),
    batch: readBatch(reader),
    temporal: readTemporal(reader),
    prices: readPrices(reader),
    keyVaults: readKeyVaults(reader),
    logLevel: readLogLevel(reader),
    slots: reader.integer('SLOTS', 20),
  }));

describe('the configuration of the services beneath', () => {
  it('signs in with keys where there are some, and as this host where there are none', () => {
    expect(read(ENV)).toMatchObject({
      storage: { auth: { kind: 'sharedKey', accountName: 'devstoreaccount1' } },
      batch: { endpoint: 'http://127.0.0.1:8888', auth: { kind: 'token' } },
      ...{ prices: undefined, keyVaults: [], logLevel: 'info', slots: 20 },
    });
    const env = {
      ...{ WINDROW_STORAGE_ACCOUNT: 'windrow1', AZURE_BATCH_ENDPOINT: 'https://b.example' },
      ...{ AZURE_BATCH_ACCOUNT: 'b', AZURE_BATCH_ACCESS_KEY: 'a2V5', SLOTS: '3' },
      ...{ WINDROW_KEY_VAULTS: 'https://team.vault.azure.net/', TEMPORAL_CONFIG_FILE: ENV['TEMPORAL_CONFIG_FILE'] },
    };
    expect(read(env)).toMatchObject({
      storage: { blobEndpoint: 'https://windrow1.blob.core.windows.net', auth: { kind: 'token' } },
      batch: { auth: { kind: 'sharedKey', accountName: 'b', accountKey: 'a2V5' } },
      ...{ keyVaults: ['https://team.vault.azure.net'], slots: 3 },
    });
  });

  it('reads the file of prices', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'prices-'));
    const file = path.join(folder, 'prices.json');
    writeFileSync(file, '{ "currency": "EUR", "vmSizes": { "A": { "dedicated": 1, "spot": 0.5 } } }');
    const { prices } = read({ ...ENV, WINDROW_PRICES: file });
    rmSync(folder, { recursive: true });
    expect(prices).toMatchObject({ currency: 'EUR' });
  });

  it.each<[Environment, string]>([
    [{ AZURE_STORAGE_CONNECTION_STRING: '' }, 'AZURE_STORAGE_CONNECTION_STRING is missing (or give'],
    [
      { AZURE_STORAGE_CONNECTION_STRING: 'AccountName=a' },
      'AZURE_STORAGE_CONNECTION_STRING cannot be used: The storage',
    ],
    [{ AZURE_STORAGE_CONNECTION_STRING: '', WINDROW_STORAGE_ACCOUNT: 'A!' }, 'WINDROW_STORAGE_ACCOUNT is no name'],
    [{ AZURE_BATCH_ENDPOINT: '' }, 'AZURE_BATCH_ENDPOINT is missing (such as'],
    [{ AZURE_BATCH_ENDPOINT: 'batch' }, 'AZURE_BATCH_ENDPOINT must be an http or https URL'],
    [{ AZURE_BATCH_ACCESS_KEY: 'a2V5' }, 'AZURE_BATCH_ACCOUNT is missing: the key'],
    [
      { WINDROW_PRICES: '/nowhere/prices.json' },
      'WINDROW_PRICES cannot be used: /nowhere/prices.json is no price file',
    ],
    [{ WINDROW_KEY_VAULTS: 'ftp://x' }, 'WINDROW_KEY_VAULTS cannot be used: '],
    [{ WINDROW_LOG_LEVEL: 'loud' }, 'WINDROW_LOG_LEVEL must be one of'],
    [{ SLOTS: '0' }, `SLOTS must be a whole number of at least 1, not '0'`],
    [{ SLOTS: '1e3' }, 'SLOTS must be a whole number'],
  ])('refuses %j', (change, message) => {
    expect(() => read({ ...ENV, ...change })).toThrow(ConfigError);
    expect(() => read({ ...ENV, ...change })).toThrow(message);
  });

  it('names every fault at once, and no secret', () => {
    const env = {
      AZURE_BATCH_ACCESS_KEY: 'c2VjcmV0',
      AZURE_STORAGE_CONNECTION_STRING: 'AccountKey=c2VjcmV0',
      SLOTS: 'x',
    };
    expect(() => read(env)).toThrow(/AZURE_STORAGE[^]*AZURE_BATCH_ENDPOINT[^]*AZURE_BATCH_ACCOUNT[^]*SLOTS/);
    expect(() => read(env)).not.toThrow('c2VjcmV0');
  });
});
