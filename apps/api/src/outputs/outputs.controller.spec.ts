import { jobPaths, workspaceContainer } from '@windrow/contract';
import { jobInState, JOBS, KEY, startApi } from '../testing/start-api';
import { resumePrefixes } from './resume-prefixes';

const CONTAINER = workspaceContainer(KEY.workspace);
const PATHS = jobPaths('u1');

interface Page {
  value: { task: number; path: string }[];
  nextLink?: string;
}

describe('outputs', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  it('are listed in the order of tasks, over any number of pages', async () => {
    await jobInState(sut, { state: 'running' });
    const tasks = [0, 1, 9, 10, 11, 99, 100, 1009, 20_000];
    for (const task of tasks)
      for (const file of ['a', 'b/c']) sut.blobs.put(CONTAINER, `${PATHS.taskOutputs(task)}/${file}`, 'x');
    for (const pageSize of [1, 3, 100]) {
      const seen: string[] = [];
      for (let path: string | undefined = `${JOBS}/j1/outputs?pageSize=${pageSize}`; path;) {
        const { body }: { body: Page } = await sut.http.get(path).expect(200);
        seen.push(...body.value.map((output) => `${output.task}/${output.path}`));
        path = body.nextLink && new URL(body.nextLink).pathname + new URL(body.nextLink).search;
      }
      expect(seen).toEqual(tasks.flatMap((task) => [`${task}/a`, `${task}/b/c`]));
    }
    const one = await sut.http.get(`${JOBS}/j1/outputs?task=9&linkExpiryMinutes=5`).expect(200);
    expect(one.body.value).toHaveLength(2);
    expect(one.body.value[0].url).toBe(`https://blobs.test/${CONTAINER}/${PATHS.taskOutputs(9)}/a?ttl=5`);
  });

  it.each(['linkExpiryMinutes=4', 'linkExpiryMinutes=601', 'linkExpiryMinutes=x', 'task=-1', 'tasks=1'])(
    'refuse ?%s',
    async (query) => {
      await sut.http.get(`${JOBS}/j1/outputs?${query}`).expect(400);
    },
  );

  it('come with a manifest and links at the end of the job, and not before', async () => {
    await jobInState(sut, { state: 'gathering' });
    const early = await sut.http.get(`${JOBS}/j1/results`).expect(409);
    expect(early.body).toMatchObject({ code: 'JobNotFinished', state: 'gathering' });
    await jobInState(sut, { state: 'succeeded' });
    expect((await sut.http.get(`${JOBS}/j1/results`).expect(404)).body.code).toBe('ResultsNotFound');
    const artefacts = [
      { name: 'counts.csv', bytes: 1 },
      { name: `${PATHS.results}merged/x`, bytes: 2 },
    ];
    sut.blobs.put(CONTAINER, PATHS.manifest, JSON.stringify({ artefacts }));
    const { body } = await sut.http.get(`${JOBS}/j1/results`).expect(200);
    expect(body.artefacts.map(({ url }: { url: string }) => url)).toEqual([
      `https://blobs.test/${CONTAINER}/${PATHS.results}counts.csv?ttl=60`,
      `https://blobs.test/${CONTAINER}/${PATHS.results}merged/x?ttl=60`,
    ]);
  });
});

it('resumes a listing by prefixes that leave nothing out and nothing in twice', () => {
  const names = Array.from({ length: 1000 }, (_, n) => `o/${String(n).padStart(3, '0')}/`);
  for (const task of ['000', '009', '120', '899', '999']) {
    const listed = resumePrefixes('o/', task).flatMap((prefix) => names.filter((name) => name.startsWith(prefix)));
    expect(listed).toEqual(names.slice(Number(task)));
  }
});
