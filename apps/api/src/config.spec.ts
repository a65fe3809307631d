import { ConfigError, type Environment } from '@windrow/config';
import { readConfig } from './config';

const ENV: Environment = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:8888/',
  AZURE_BATCH_ACCOUNT: 'devbatchaccount1',
  TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
};

describe('readConfig', () => {
  it('fills in what may be left out', () => {
    expect(readConfig(ENV)).toMatchObject({
      http: { host: '127.0.0.1', port: 8080 },
      region: 'local',
      logLevel: 'info',
      batch: { endpoint: 'http://127.0.0.1:8888', auth: { kind: 'token' } },
      temporal: { namespace: 'default' },
    });
  });

  it('takes what is given, and empty text for absent', () => {
    const config = readConfig({
      ...ENV,
      AZURE_STORAGE_CONNECTION_STRING: '',
      WINDROW_STORAGE_ACCOUNT: 'windrow1',
      WINDROW_API_PORT: '0',
      WINDROW_REGION: 'westeurope',
      AZURE_BATCH_ACCESS_KEY: 'a2V5',
      TEMPORAL_ADDRESS: '127.0.0.1:7000',
      TEMPORAL_NAMESPACE: 'ns',
      WINDROW_TEMPORAL_UI_URL: 'http://127.0.0.1:8233/',
      WINDROW_KEY_VAULTS: 'https://team.vault.azure.net/',
    });
    expect(config).toMatchObject({
      http: { port: 0 },
      storage: { blobEndpoint: 'https://windrow1.blob.core.windows.net' },
      batch: { auth: { kind: 'sharedKey', accountName: 'devbatchaccount1' } },
      keyVaults: ['https://team.vault.azure.net'],
      temporal: { namespace: 'ns', uiUrl: 'http://127.0.0.1:8233', connectionOptions: { address: '127.0.0.1:7000' } },
    });
  });

  it.each<[Environment, string]>([
    [{ WINDROW_API_PORT: '80a' }, 'WINDROW_API_PORT must be'],
    [{ WINDROW_API_PORT: '65536' }, 'WINDROW_API_PORT must be'],
    [{ WINDROW_REGION: 'West Europe' }, 'WINDROW_REGION must be'],
    [{ WINDROW_TEMPORAL_UI_URL: 'ftp://x' }, 'WINDROW_TEMPORAL_UI_URL must be'],
    [{ WINDROW_API_HOST: '0.0.0.0' }, 'it asks nobody who they are'],
    [{ WINDROW_API_HOST: '127.evil.example' }, 'WINDROW_ALLOW_UNAUTHENTICATED=1'],
  ])('refuses %j', (change, message) => {
    expect(() => readConfig({ ...ENV, ...change })).toThrow(ConfigError);
    expect(() => readConfig({ ...ENV, ...change })).toThrow(message);
  });

  it('names every fault at once, and no secret', () => {
    const read = () => readConfig({ AZURE_BATCH_ACCESS_KEY: 'c2VjcmV0', WINDROW_API_PORT: 'x' });
    expect(read).toThrow(/WINDROW_API_PORT[^]*AZURE_STORAGE[^]*AZURE_BATCH_ENDPOINT[^]*AZURE_BATCH_ACCOUNT/);
    expect(read).not.toThrow('c2VjcmV0');
  });

  it('listens beyond loopback when told that something else authenticates', () => {
    const env = { ...ENV, WINDROW_API_HOST: '0.0.0.0', WINDROW_ALLOW_UNAUTHENTICATED: '1' };
    expect(readConfig(env).http.host).toBe('0.0.0.0');
  });
});
