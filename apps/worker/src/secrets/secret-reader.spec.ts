import type { ApplicationFailure } from '@temporalio/common';
import { startHttpScript } from '../../../../test/support/http-script';
import type { HttpScript } from '../../../../test/support/http-script';
import { toFailure } from '../activities/failure-interceptor';
import { SecretReader } from './index';

const NO_SIGN_IN = { getToken: () => Promise.reject(new Error('nobody is to sign in')) };

describe('secrets of a key vault', () => {
  let server: HttpScript;
  beforeEach(async () => {
    server = await startHttpScript();
  });
  afterEach(() => server.stop());

  const read = (url: string, vaults = [server.url]) =>
    new SecretReader(vaults, NO_SIGN_IN).read({ TOKEN: { keyVaultSecret: url } });
  const failureOf = async (reading: Promise<unknown>): Promise<ApplicationFailure> =>
    toFailure(await reading.catch((error: unknown) => error)) as ApplicationFailure;

  it('are read by name, and by version where one is named, without a token over plain http', async () => {
    server.answer(({ url }) => ({ status: 200, body: { value: `value of ${url}` } }));
    expect(await read(`${server.url}/secrets/name`)).toEqual({ TOKEN: 'value of /secrets/name/?api-version=7.4' });
    expect(await read(`${server.url}/secrets/name/0a1b`)).toEqual({
      TOKEN: 'value of /secrets/name/0a1b?api-version=7.4',
    });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(await new SecretReader([], NO_SIGN_IN).read({})).toEqual({});
  });

  it.each<[number, string, string]>([
    [404, 'SecretNotFound', 'does not exist, or is disabled. Create it, or correct the address.'],
    [403, 'SecretForbidden', "Give its identity the role 'Key Vault Secrets User'"],
    [401, 'SecretForbidden', 'may not read'],
    [400, 'SecretRefused', 'refused'],
  ])('that are answered %s end the job, with address and remedy', async (status, code, text) => {
    server.answer(() => ({ status, body: { error: { message: 'from the vault' } } }));
    const failure = await failureOf(read(`${server.url}/secrets/name`));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'InvalidJob' });
    expect(failure.details).toEqual([{ code, path: '$.task.secrets.TOKEN.keyVaultSecret' }]);
    expect(failure.message).toContain(`${server.url}/secrets/name`);
    expect(failure.message).toContain(text);
  });

  it('are tried again while the vault is down, when it says', async () => {
    server.answer(() => ({ status: 429, headers: { 'retry-after': '7' } }));
    const throttled = await failureOf(read(`${server.url}/secrets/name`));
    expect(throttled).toMatchObject({ type: 'AzureUnavailable', nonRetryable: false, nextRetryDelay: 7000 });
    server.answer(() => ({ status: 500, hangUp: true }));
    const gone = await failureOf(read(`${server.url}/secrets/name`));
    expect(gone).toMatchObject({ type: 'AzureUnavailable', nonRetryable: false });
  });

  it('never come out in an error, however the vault answers', async () => {
    server.answer(() => ({ status: 200, body: '{"value":"hush", broken' }));
    const failure = await failureOf(read(`${server.url}/secrets/name`));
    expect(failure.type).toBe('AzureUnavailable');
    expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toContain('hush');
  });

  it('are asked of listed vaults only, and no answer leads elsewhere', async () => {
    const other = await failureOf(read('https://other.vault.azure.net/secrets/name'));
    expect(other.details).toEqual([{ code: 'VaultNotAllowed', path: expect.any(String) as string }]);
    expect(other.message).toContain('WINDROW_KEY_VAULTS');
    expect(server.seen).toHaveLength(0);
    server.answer(() => ({ status: 302, headers: { location: `${server.url}/elsewhere` } }));
    expect((await failureOf(read(`${server.url}/secrets/name`))).type).toBe('AzureUnavailable');
    expect(server.seen.map(({ url }) => url)).toEqual(['/secrets/name/?api-version=7.4']);
  });

  it('are signed in for by the audience of their cloud', async () => {
    const scopes: string[] = [];
    const credential = {
      getToken: (scope: string) => {
        scopes.push(scope);
        return Promise.reject(new Error('no identity here'));
      },
    };
    const vaults = ['https://team.vault.azure.net', 'https://team.vault.azure.cn'];
    for (const vault of vaults) {
      const reading = new SecretReader(vaults, credential).read({ T: { keyVaultSecret: `${vault}/secrets/a` } });
      expect((await failureOf(reading)).type).toBe('AzureUnavailable');
    }
    expect(scopes).toEqual(['https://vault.azure.net/.default', 'https://vault.azure.cn/.default']);
  });
});
