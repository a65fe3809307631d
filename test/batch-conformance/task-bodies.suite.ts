import { addTasks, createJob, createPool } from './fixtures';
import { Rest, type Body } from './rest';
import type { Target } from './target';

const SIGNATURE = 'sv=2024-11-04&sr=b&sp=r&sig=';

/** A task with links, outputs and an environment of its own. */
function taskOf(index: number): Body {
  const link = (name: string): string =>
    `https://example.blob.core.windows.net/data/${name}?${SIGNATURE}${Buffer.from(`${name}${index}`).toString('hex')}`;
  return {
    id: `task-${index}`,
    displayName: `Ünïcode "${index}"\n`,
    commandLine: `/bin/sh -c 'echo ${index}'`,
    resourceFiles: [{ httpUrl: link('input'), filePath: `in/${index}` }],
    outputFiles: [
      {
        filePattern: '../std*.txt',
        destination: { container: { containerUrl: link('output'), path: `logs/${index}` } },
        uploadOptions: { uploadCondition: 'TaskCompletion' },
      },
    ],
    environmentSettings: [{ name: 'INDEX', value: String(index) }],
    constraints: { maxWallClockTime: 'PT1H', retentionTime: 'P1D', maxTaskRetryCount: index % 4 },
    requiredSlots: 1,
  };
}

/** Of what came back, what was sent. */
const sentPart = (task: Body, sent: Body): Body =>
  Object.fromEntries(Object.keys(sent).map((name) => [name, task[name]]));

export function describeTaskBodies(target: () => Target): void {
  describe('what tasks were sent with', () => {
    let rest: Rest;
    let poolId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 0 });
    });
    const newJob = (): Promise<string> => createJob(rest, poolId);
    const get = async (jobId: string, id: string): Promise<Body> => (await rest.get(`/jobs/${jobId}/tasks/${id}`)).json;

    it('comes back for each of a hundred tasks of one request, by list and by get', async () => {
      const jobId = await newJob();
      const sent = Array.from({ length: 100 }, (_, index) => taskOf(index));
      await addTasks(rest, jobId, sent);
      const listed: Body[] = (await rest.get(`/jobs/${jobId}/tasks`)).json.value;
      const byId = new Map(listed.map((task) => [task.id, task]));
      for (const task of sent) expect(sentPart(byId.get(task.id), task)).toEqual(task);
      for (const index of [99, 0, 50])
        expect(await get(jobId, `task-${index}`)).toMatchObject(byId.get(`task-${index}`));
    });

    it('comes back for the others when some of the request are refused', async () => {
      const jobId = await newJob();
      const sent = Array.from({ length: 50 }, (_, index) => taskOf(index));
      const spoiled = sent.map((task, index) => (index % 10 === 3 ? { ...task, requiredSlots: 'many' } : task));
      const results = await addTasks(rest, jobId, spoiled);
      expect(results.filter(({ status }) => status === 'clienterror')).toHaveLength(5);
      for (const index of [2, 4, 49]) {
        expect(sentPart(await get(jobId, `task-${index}`), sent[index])).toEqual(sent[index]);
      }
    });

    it('comes back for tasks that were added one by one', async () => {
      const jobId = await newJob();
      const sent = Array.from({ length: 70 }, (_, index) => taskOf(index));
      for (const task of sent) expect((await rest.post(`/jobs/${jobId}/tasks`, task)).status).toBe(201);
      for (const task of sent) expect(sentPart(await get(jobId, task.id), task)).toEqual(task);
    });

    it('is not lost with the tasks beside it, and a task of the same id is a new one', async () => {
      const jobId = await newJob();
      const sent = Array.from({ length: 40 }, (_, index) => taskOf(index));
      await addTasks(rest, jobId, sent);
      for (const { id } of sent.slice(1)) await rest.delete(`/jobs/${jobId}/tasks/${id}`);
      expect(sentPart(await get(jobId, 'task-0'), sent[0])).toEqual(sent[0]);
      const other = { ...taskOf(7), commandLine: 'other' };
      await addTasks(rest, jobId, [other]);
      expect(sentPart(await get(jobId, 'task-7'), other)).toEqual(other);
    });

    it('may leave out properties by null, and is shown with what the service fills in', async () => {
      const jobId = await newJob();
      const sent = Array.from({ length: 40 }, (_, index) => ({
        id: `t${index}`,
        commandLine: 'x',
        displayName: null,
        constraints: { maxWallClockTime: 'PT06M00S', maxTaskRetryCount: '2' },
      }));
      await addTasks(rest, jobId, sent);
      const task = await get(jobId, 't5');
      expect(task).not.toHaveProperty('displayName');
      expect(task.userIdentity).toEqual({ autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } });
      expect(task.constraints).toMatchObject({ maxWallClockTime: 'PT6M', maxTaskRetryCount: 2 });
    });
  });
}
