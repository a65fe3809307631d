import { JOBS, SPEC, startApi } from '../testing/start-api';

const SOLVER = '/v1/workspaces/aero/applications/solver';

describe('applications that a job names', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  let id: string;
  beforeEach(async () => {
    sut = await startApi();
    id = (await sut.http.put(SOLVER).send({}).expect(201)).body.batchApplication;
    sut.packages.uploaded.add((await sut.http.put(`${SOLVER}/versions/1.0`)).body.uploadUrl);
    await sut.http.post(`${SOLVER}/versions/1.0:activate`).expect(200);
    await sut.http.put(`${SOLVER}/versions/pending`).expect(201);
    // As the account has them: its own of that name too.
    sut.batch.applications.set(id, ['1.0']).set('solver', ['7']).set('tool', ['7']);
  });
  afterEach(() => sut.close());

  const put = (program: object, jobs = JOBS) =>
    sut.http.put(`${jobs}/j`).send({ ...SPEC, task: { commandLine: 'x', program: [program] } });
  const refused = async (program: object, member: string, code: string, jobs = JOBS) => {
    const { body } = await put(program, jobs).expect(422);
    expect(body.errors).toMatchObject([{ path: `$.task.program[0].${member}`, code }]);
    return body.errors[0].message as string;
  };

  it("are the workspace's own before the account's", async () => {
    expect(await refused({ application: 'solver', version: '7' }, 'version', 'ApplicationVersionNotFound')).toContain(
      "no version of application 'solver'",
    );
    await put({ application: 'solver', version: '1.0' }).expect(201);
  });

  it('are in their default version when none is named, which has to be there', async () => {
    expect(await refused({ application: 'solver' }, 'version', 'ApplicationVersionNotFound')).toContain('PATCH');
    await sut.http.patch(SOLVER).send({ defaultVersion: '1.0' }).expect(200);
    await put({ application: 'solver' }).expect(201);
  });

  it('have to be active, and not on their way out', async () => {
    const pending = { application: 'solver', version: 'pending' };
    expect(await refused(pending, 'version', 'ApplicationVersionNotFound')).toContain('not active');
    await sut.http.delete(SOLVER).expect(202);
    await refused({ application: 'solver', version: '1.0' }, 'application', 'ApplicationDeleting');
  });

  it("are else the account's", async () => {
    await put({ application: 'tool', version: '7' }).expect(201);
  });

  it('are not those of another workspace: not by name, nor by id, in the words for one that is nowhere', async () => {
    const jobs = '/v1/jobs';
    sut.batch.applications.delete('solver');
    const words = [];
    for (const application of ['solver', id, id.toUpperCase(), 'nowhere']) {
      const message = await refused({ application, version: '1.0' }, 'application', 'ApplicationNotFound', jobs);
      words.push(message.replace(application, 'NAME'));
    }
    expect(new Set(words).size).toBe(1);
    await refused({ application: id, version: '1.0' }, 'application', 'ApplicationNotFound');
  });
});
