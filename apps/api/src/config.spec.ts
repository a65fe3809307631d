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
    [{ WINDROW_ADMIN_KEY_SHA256: 'wdr_admin_x' }, 'WINDROW_ADMIN_KEY_SHA256 must be the SHA-256'],
    [{ WINDROW_RATE_LIMIT: '50' }, 'WINDROW_RATE_LIMIT must be'],
    [{ WINDROW_RATE_LIMIT: '0/5' }, 'WINDROW_RATE_LIMIT must be'],
    [{ WINDROW_OIDC_ISSUERS: '{}' }, 'must be a JSON list'],
    [{ WINDROW_OIDC_ISSUERS: '[{' }, 'WINDROW_OIDC_ISSUERS cannot be used'],
    [{ WINDROW_OIDC_ISSUERS: '[{"issuer":"https://i.example"}]' }, 'entry 0 needs issuer and audience'],
    [{ WINDROW_OIDC_ISSUERS: '[{"issuer":"http://i.example","audience":"a"}]' }, 'must be an https URL'],
    [{ WINDROW_OIDC_ISSUERS: '[{"issuer":"https://i.example","audience":"a","aud":"b"}]' }, 'unknown field aud'],
    [{ WINDROW_API_HOST: '127.evil.example' }, 'WINDROW_ALLOW_UNAUTHENTICATED=1'],
  ])('refuses %j', (change, message) => {
    expect(() => readConfig({ ...ENV, ...change })).toThrow(ConfigError);
    expect(() => readConfig({ ...ENV, ...change })).toThrow(message);
  });

  it.each<[string, Environment]>([
    ['the operator’s key', { WINDROW_ADMIN_KEY_SHA256: 'AB'.repeat(32) }],
    ['an issuer', { WINDROW_OIDC_ISSUERS: '[{"issuer":"https://i.example","audience":"a","administrators":["x"]}]' }],
  ])('listens beyond loopback with %s, and then limits rates unless told otherwise', (_, change) => {
    const env = { ...ENV, ...change, WINDROW_API_HOST: '0.0.0.0' };
    const { http, access } = readConfig(env);
    expect(http.host).toBe('0.0.0.0');
    expect(access.rateLimit).toEqual({ perSecond: 50, burst: 200 });
    expect(readConfig({ ...env, WINDROW_RATE_LIMIT: '0' }).access.rateLimit).toBeUndefined();
    expect(readConfig({ ...env, WINDROW_RATE_LIMIT: '2.5/10' }).access.rateLimit).toEqual({
      perSecond: 2.5,
      burst: 10,
    });
    expect(readConfig({ ...ENV, ...change }).access.rateLimit).toBeUndefined();
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
