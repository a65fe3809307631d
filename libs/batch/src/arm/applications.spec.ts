import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { BatchConflictError, BatchRefusedError, BatchUnavailableError } from '../errors';
import type { ChangeReport } from '../config';
import { createApplicationManager } from './applications';

const PACKAGE = { properties: { state: 'Pending', storageUrl: 'https://a.blob.core.windows.net/c/b?sig=x' } };

const LIST = { value: [{ name: '1' }, { name: '2' }] };

describe('applications of an account, by management', () => {
  let server: HttpScript;
  let changes: ChangeReport[];
  const sut = () => createApplicationManager({ accountUrl: `${server.url}/acct` }, (change) => changes.push(change));
  const refuse = (status: number, code: string, message = '') =>
    server.answer(() => ({ status, body: { error: { code, message } }, headers: { 'retry-after': '7' } }));
  beforeEach(async () => {
    changes = [];
    server = await startHttpScript();
    server.answer(({ url }) => ({ status: 200, body: /versions\?/.test(url) ? LIST : PACKAGE }));
  });
  afterEach(() => server.stop());

  it('are asked for as the service takes it', async () => {
    await sut().put('a_1', { displayName: 'A' });
    expect(await sut().putPackage('a_1', '1.0')).toEqual(PACKAGE.properties);
    expect(await sut().getPackage('a_1', '1.0')).toEqual(PACKAGE.properties);
    await sut().activatePackage('a_1', '1.0');
    await sut().deletePackage('a_1', '1.0');
    await sut().delete('a_1');
    expect(await sut().listPackages('a_1')).toEqual(['1', '2']);
    expect(server.seen.map(({ method, url, body }) => `${method} ${url.split('?')[0]} ${body}`.trim())).toEqual([
      'PUT /acct/applications/a_1 {"properties":{"displayName":"A","allowUpdates":false}}',
      'PUT /acct/applications/a_1/versions/1.0 {}',
      'GET /acct/applications/a_1/versions/1.0',
      'POST /acct/applications/a_1/versions/1.0/activate {"format":"zip"}',
      'DELETE /acct/applications/a_1/versions/1.0',
      'DELETE /acct/applications/a_1',
      'GET /acct/applications/a_1/versions',
    ]);
    expect(server.seen[0]).toMatchObject({
      url: expect.stringContaining('api-version=2023-11-01'),
      headers: { authorization: 'Bearer development' },
    });
  });

  it('that are not there are none, and deleted already', async () => {
    refuse(404, 'ApplicationNotFound');
    expect(await sut().getPackage('a', '1')).toBeUndefined();
    expect(await sut().listPackages('a')).toEqual([]);
    await sut().deletePackage('a', '1');
    await sut().delete('a');
  });

  it('are refused in typed errors without links, which say what role is needed', async () => {
    refuse(409, 'ApplicationPackageBlobNotFound', 'not at https://a/b?sig=hush\nmore');
    const conflict = await sut()
      .activatePackage('a', '1')
      .catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(BatchConflictError);
    expect(String(conflict)).not.toMatch(/hush|more/);
    refuse(403, 'AuthorizationFailed');
    await expect(sut().put('a', {})).rejects.toThrow(BatchRefusedError);
    await expect(sut().put('a', {})).rejects.toThrow('the role Contributor');
    refuse(503, 'ServerBusy');
    await expect(sut().put('a', {})).rejects.toMatchObject({ retryAfterMs: 7000 });
    await expect(sut().put('a', {})).rejects.toThrow(BatchUnavailableError);
    server.answer(() => ({ status: 200, hangUp: true }));
    await expect(sut().put('a', {})).rejects.toThrow(BatchUnavailableError);
  });

  it('tell of each change and of no reading', async () => {
    await sut().getPackage('a', '1');
    await sut().putPackage('a', '1');
    refuse(409, 'ApplicationPackageExists');
    await expect(sut().putPackage('a', '1')).rejects.toThrow();
    const change = { operation: 'packages.create', method: 'PUT', path: '/applications/a/versions/1', attempts: 1 };
    expect(changes).toEqual([
      { ...change, status: 200 },
      { ...change, status: 409, code: 'ApplicationPackageExists' },
    ]);
    expect(JSON.stringify(changes)).not.toContain('sig=');
  });
});
