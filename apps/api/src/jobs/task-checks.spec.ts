import { DependencyUnavailableError } from '../common/errors';
import { JOBS, SPEC, startApi } from '../testing/start-api';

describe('what a task names outside of storage', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
    sut.batch.applications.set('solver', ['1.0', '1.2']);
  });
  afterEach(() => sut.close());

  const put = (change: object) => sut.http.put(`${JOBS}/j1`).send({ ...SPEC, ...change });
  const program = (...references: object[]) => ({ task: { commandLine: 'x', program: references } });
  const secret = (url: string) => ({ task: { commandLine: 'x', secrets: { TOKEN: { keyVaultSecret: url } } } });
  const NONE = [{ application: 'none' }];

  it.each<[object, string, string]>([
    [program({ application: 'solver' }, ...NONE), '$.task.program[1].application', 'ApplicationNotFound'],
    [program({ application: 'solver', version: '2' }), '$.task.program[0].version', 'ApplicationVersionNotFound'],
    [
      { gather: { kind: 'reduce', commandLine: 'x', program: NONE } },
      '$.gather.program[0].application',
      'ApplicationNotFound',
    ],
    [
      { pool: { ...SPEC.pool, setupTask: { commandLine: 'x', program: NONE } } },
      '$.pool.setupTask.program[0].application',
      'ApplicationNotFound',
    ],
    [secret('https://other.vault.azure.net/secrets/a'), '$.task.secrets.TOKEN.keyVaultSecret', 'VaultNotAllowed'],
  ])('must be there: %j', async (change, path, code) => {
    const { body } = await put(change).expect(422);
    expect(body).toMatchObject({ code, errors: [{ path, code }] });
    expect(sut.workflows.started).toEqual([]);
  });

  it('is accepted when it is there', async () => {
    await put(program({ application: 'solver' }, { application: 'solver', version: '1.2' })).expect(201);
    const other = sut.http.put(`${JOBS}/j2`);
    await other.send({ ...SPEC, ...secret('https://team.vault.azure.net/secrets/a/0f') }).expect(201);
  });

  it('says what to configure where no vault is listed', async () => {
    const { body } = await put(secret('https://other.vault.azure.net/secrets/a')).expect(422);
    expect(body.errors[0].message).toBe(
      'names a vault that this deployment does not read from: https://other.vault.azure.net. Its operator can add it to WINDROW_KEY_VAULTS',
    );
  });

  it('is looked for in the set-up task of a cluster too', async () => {
    const setupTask = { commandLine: 'x', program: NONE };
    const url = '/v1/workspaces/aero/clusters/wind';
    const { body } = await sut.http
      .put(url)
      .send({ ...SPEC.pool, setupTask })
      .expect(422);
    expect(body.errors).toMatchObject([{ path: '$.setupTask.program[0].application', code: 'ApplicationNotFound' }]);
  });

  it('cannot be judged while Batch does not answer', async () => {
    sut.batch.applicationVersions = () => Promise.reject(new DependencyUnavailableError('Azure Batch'));
    expect((await put(program({ application: 'solver' })).expect(503)).body.dependency).toBe('Azure Batch');
  });
});
