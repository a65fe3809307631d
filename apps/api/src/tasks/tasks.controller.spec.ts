import { jobPaths, type JobState, type LedgerEntry, type ResultLine, workspaceContainer } from '@windrow/contract';
import type { LiveTask } from '../batch/batch-reader';
import { encodePageToken, type PageToken } from '../common/page-token';
import { jobInState, JOBS, jsonLines, KEY, startApi } from '../testing/start-api';

const TASKS = `${JOBS}/j1/tasks`;
const CONTAINER = workspaceContainer(KEY.workspace);
const PATHS = jobPaths('u1');

const live = (index: number, state: LiveTask['state'], wave = 1): LiveTask => ({ index, wave, state, retries: 0 });
const entry = (task: number, attempt: number, outcome: LedgerEntry['outcome']): LedgerEntry => ({
  task,
  attempt,
  outcome,
  batchRetries: 0,
});
const result = (task: number, outcome: ResultLine['outcome']): ResultLine => ({
  task,
  outcome,
  attempts: 1,
  message: 'größer',
  outputs: PATHS.taskOutputs(task),
});

interface Page {
  value: { index: number; state: string }[];
  nextLink?: string;
}

describe('tasks', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const job = (state: JobState, total: number, pending = 0) =>
    jobInState(sut, { state, counts: { total, pending, active: 0, running: 0, succeeded: 0, failed: 0 } });

  /** Every task of a listing as `index:state`, and how many pages it took. */
  async function walk(query: string): Promise<{ tasks: string[]; pages: number }> {
    const tasks: string[] = [];
    let pages = 0;
    for (let path: string | undefined = `${TASKS}?${query}`; path; pages++) {
      const page: Page = (await sut.http.get(path).expect(200)).body;
      tasks.push(...page.value.map(({ index, state }) => `${index}:${state}`));
      const next = page.nextLink;
      path = next && new URL(next).pathname + new URL(next).search;
    }
    return { tasks, pages };
  }

  describe('of a finished job', () => {
    beforeEach(async () => {
      await job('failed', 7);
      const files = { succeeded: ['s0', 's1'], failed: ['f0'], pending: ['p0'] };
      sut.blobs.put(CONTAINER, PATHS.manifest, JSON.stringify({ files, artefacts: [] }));
      sut.blobs.put(CONTAINER, 's0', jsonLines([0, 1, 2].map((n) => result(n, 'succeeded'))));
      sut.blobs.put(CONTAINER, 's1', jsonLines([result(3, 'succeeded')]));
      sut.blobs.put(CONTAINER, 'f0', jsonLines([result(4, 'failed'), result(5, 'failed')]));
      sut.blobs.put(CONTAINER, 'p0', jsonLines([result(6, 'pending')]));
    });

    it('are read from the result files, page by page and byte by byte', async () => {
      const all = ['0', '1', '2', '3'].map((n) => `${n}:succeeded`).concat('4:failed', '5:failed', '6:pending');
      expect(await walk('pageSize=2')).toEqual({ tasks: all, pages: 4 });
      expect(await walk('pageSize=7')).toEqual({ tasks: all, pages: 1 });
      expect(await walk('state=failed&pageSize=1')).toEqual({ tasks: ['4:failed', '5:failed'], pages: 2 });
      expect(await walk('state=running')).toEqual({ tasks: [], pages: 1 });
    });

    it('refuse tokens that are not theirs', async () => {
      const token = Buffer.from('{"kind":"index","next":0}').toString('base64url');
      const answer = await sut.http.get(`${TASKS}?pageToken=${token}`).expect(400);
      expect(answer.body.errors).toMatchObject([{ path: 'pageToken', code: 'InvalidPageToken' }]);
      await sut.http.get(`${TASKS}?pageToken=%21`).expect(400);
    });

    it('read no blob that a forged token names', async () => {
      const token = Buffer.from('{"kind":"results","file":"names/secret","offset":0}').toString('base64url');
      await sut.http.get(`${TASKS}?pageToken=${token}`).expect(400);
      const sealed = encodePageToken({ kind: 'results', file: 'names/secret', offset: 0 } as PageToken, 'u1/tasks/');
      await sut.http.get(`${TASKS}?pageToken=${sealed}`).expect(400);
      expect(sut.blobs.bytesRead.has('names/secret')).toBe(false);
    });

    it('refuse the token of another listing, of the same job or of another', async () => {
      const { nextLink } = (await sut.http.get(`${TASKS}?pageSize=2`).expect(200)).body as Page;
      const token = new URL(nextLink!).searchParams.get('pageToken')!;
      await sut.http.get(`${TASKS}?pageToken=${token}`).expect(200);
      await sut.http.get(`${TASKS}?state=failed&pageToken=${token}`).expect(400);
      await sut.http.get(`${JOBS}/j1/outputs?pageToken=${token}`).expect(400);
      const foreign = encodePageToken({ kind: 'results', file: 's0', offset: 0 } as PageToken, 'u2/tasks/');
      await sut.http.get(`${TASKS}?pageToken=${foreign}`).expect(400);
    });

    it('refuse a token whose place was changed', async () => {
      const { nextLink } = (await sut.http.get(`${TASKS}?pageSize=2`).expect(200)).body as Page;
      const text = Buffer.from(new URL(nextLink!).searchParams.get('pageToken')!, 'base64url').toString();
      const moved = Buffer.from(text.replace(/"offset":\d+/, '"offset":1')).toString('base64url');
      await sut.http.get(`${TASKS}?pageToken=${moved}`).expect(400);
    });

    it('cost a page, not all of the result files', async () => {
      const many = Array.from({ length: 2000 }, (_, n) => result(n, 'succeeded'));
      sut.blobs.put(CONTAINER, 's0', jsonLines(many));
      const { nextLink } = (await sut.http.get(`${TASKS}?pageSize=2`).expect(200)).body as Page;
      sut.blobs.asked.clear();
      const next = new URL(nextLink!);
      await sut.http.get(next.pathname + next.search).expect(200);
      expect(sut.blobs.asked.get('s0')).toEqual([Buffer.byteLength(jsonLines(many.slice(0, 2)))]);
    });
  });

  describe('of a running job', () => {
    it('that have ended come from the ledger, where the latest attempt wins', async () => {
      await job('retrying', 4);
      const again = [
        entry(0, 1, 'failed'),
        entry(1, 1, 'succeeded'),
        entry(0, 1, 'failed'),
        entry(2, 1, 'failed'),
        entry(3, 1, 'failed'),
      ];
      sut.blobs.put(CONTAINER, PATHS.ledger('1'), jsonLines(again));
      sut.blobs.put(CONTAINER, PATHS.ledger('2'), jsonLines([entry(0, 2, 'succeeded')]));
      sut.blobs.put(CONTAINER, PATHS.retryList(2), '0\n3\n');
      sut.blobs.put(CONTAINER, PATHS.ledger('r1'), jsonLines([entry(0, 1, 'failed')]));
      expect((await walk('state=succeeded&pageSize=1')).tasks).toEqual(['0:succeeded', '1:succeeded']);
      expect((await walk('state=failed')).tasks).toEqual(['2:failed']);
    });

    it('that have not ended come from Batch', async () => {
      await job('running', 4);
      sut.batch.presentWaves = [2, 1];
      sut.batch.tasks = [live(0, 'active', 2), live(1, 'active', 2), live(2, 'active', 2), live(3, 'running', 2)];
      expect(await walk('state=active&pageSize=2')).toEqual({ tasks: ['0:active', '1:active', '2:active'], pages: 2 });
      expect((await walk('state=running')).tasks).toEqual(['3:running']);
    });

    it('come in the order of the plan when no state is asked for', async () => {
      await job('retrying', 5, 2);
      sut.batch.presentWaves = [2, 1];
      sut.batch.tasks = [live(0, 'failed'), live(1, 'succeeded'), live(0, 'running', 2), live(2, 'active')];
      const all = ['0:running', '1:succeeded', '2:active', '3:pending', '4:pending'];
      expect(await walk('pageSize=2')).toEqual({ tasks: all, pages: 3 });
      expect((await walk('state=pending&pageSize=1')).tasks).toEqual(['3:pending', '4:pending']);
    });

    it('that are to be tried again are pending until Batch has them', async () => {
      await job('retrying', 2, 2);
      sut.batch.presentWaves = [1];
      sut.batch.tasks = [live(0, 'failed'), live(1, 'failed')];
      sut.blobs.put(CONTAINER, PATHS.retryList(2), '1\n');
      sut.blobs.put(CONTAINER, PATHS.planShard('tasks', 0), jsonLines([{ index: 0 }, { index: 1 }]));
      expect((await walk('')).tasks).toEqual(['0:failed', '1:pending']);
      expect((await walk('state=pending')).tasks).toEqual(['1:pending']);
      sut.blobs.put(CONTAINER, PATHS.ledger('1'), jsonLines([entry(1, 1, 'failed')]));
      expect((await sut.http.get(`${TASKS}/1`).expect(200)).body).toMatchObject({ state: 'pending', attempts: 1 });
    });

    it('are known from the ledger once the Batch job of the first wave is gone', async () => {
      await job('gathering', 2);
      sut.blobs.put(CONTAINER, PATHS.ledger('1'), jsonLines([entry(1, 1, 'failed')]));
      expect((await walk('')).tasks).toEqual(['0:pending', '1:failed']);
    });
  });

  describe('of a job with a long ledger', () => {
    const TASKS_IN_ALL = 5000;
    const LEDGER = PATHS.ledger('1');
    const message = 'it went wrong '.repeat(20);
    const lines = Array.from({ length: TASKS_IN_ALL }, (_, n) => ({ ...entry(n, 1, 'failed'), message }));

    beforeEach(async () => {
      await job('running', TASKS_IN_ALL);
      const planned = Array.from({ length: TASKS_IN_ALL }, (_, index) => ({ index, items: 1 }));
      for (let shard = 0; shard < 5; shard++) {
        const part = planned.slice(shard * 1000, (shard + 1) * 1000);
        sut.blobs.put(CONTAINER, PATHS.planShard('tasks', shard), jsonLines(part));
      }
      sut.blobs.put(CONTAINER, LEDGER, jsonLines(lines));
    });

    const bytesOf = async (act: () => Promise<unknown>): Promise<number> => {
      const before = sut.blobs.bytesRead.get(LEDGER) ?? 0;
      await act();
      return (sut.blobs.bytesRead.get(LEDGER) ?? 0) - before;
    };
    const get = (index: number) => sut.http.get(`${TASKS}/${index}`).expect(200);

    it('read it once, and then a few lines for a task, and what was added since', async () => {
      const whole = Buffer.byteLength(jsonLines(lines));
      expect(await bytesOf(() => get(4711))).toBeLessThan(whole + 8192);
      expect(await bytesOf(async () => expect((await get(17)).body.history).toEqual([lines[17]]))).toBeLessThan(8192);
      const more = [...lines, entry(17, 1, 'failed'), entry(4999, 1, 'succeeded')];
      sut.blobs.put(CONTAINER, LEDGER, jsonLines(more));
      expect(await bytesOf(async () => expect((await get(17)).body.history).toEqual([lines[17]]))).toBeLessThan(8192);
      expect(await bytesOf(() => get(4999))).toBeLessThan(8192);
    });

    it('read it once for all who ask at the same time', async () => {
      const whole = Buffer.byteLength(jsonLines(lines));
      const all = Promise.all([1, 2, 3, 4].map((index) => get(index)));
      expect(await bytesOf(() => all)).toBeLessThan(whole + 4 * 8192);
    });

    it('read of it what a page of tasks in the order of the plan needs', async () => {
      await get(0);
      const page = () => sut.http.get(`${TASKS}?pageSize=10`).expect(200);
      expect(await bytesOf(async () => expect((await page()).body.value).toHaveLength(10))).toBeLessThan(10 * 8192);
    });

    it('find lines of any length, in any part, with other letters before them', async () => {
      const long = { ...entry(1, 1, 'failed'), message: 'größer '.repeat(3000) };
      sut.blobs.put(CONTAINER, LEDGER, jsonLines([{ ...entry(0, 1, 'failed'), message: 'Ä€😀' }, long]));
      sut.blobs.put(CONTAINER, LEDGER.replace('.jsonl', '.1.jsonl'), jsonLines([entry(2, 1, 'succeeded')]));
      sut.blobs.put(CONTAINER, PATHS.ledger('2'), jsonLines([entry(1, 2, 'succeeded')]));
      expect((await get(1)).body.history).toEqual([long, entry(1, 2, 'succeeded')]);
      expect((await get(2)).body.history).toEqual([entry(2, 1, 'succeeded')]);
      expect((await get(3)).body.history).toEqual([]);
    });

    it('end a page of rare outcomes early rather than read on for ever', async () => {
      const wide = { ...entry(0, 1, 'failed'), message: 'x'.repeat(1024 * 1024) };
      const tasks = Array.from({ length: 20 }, (_, n) => ({ ...wide, task: n }));
      sut.blobs.put(CONTAINER, LEDGER, jsonLines([...tasks, entry(20, 1, 'succeeded')]));
      const { tasks: found, pages } = await walk('state=succeeded');
      expect(found).toEqual(['20:succeeded']);
      expect(pages).toBe(3);
    });

    it('read a retry list once, until it is another', async () => {
      const list = PATHS.retryList(2);
      sut.blobs.put(CONTAINER, list, '1\n2\n');
      await get(1);
      expect((await get(2)).body.state).toBe('pending');
      expect(sut.blobs.bytesRead.get(list)).toBe(4);
      sut.blobs.put(CONTAINER, list, '1\n');
      expect((await get(2)).body.state).toBe('failed');
    });
  });

  describe('one by one', () => {
    const plan = [
      { index: 0, items: 1 },
      { index: 1, items: 1 },
    ];

    it('show plan, attempts and what Batch has', async () => {
      await job('retrying', 2);
      sut.blobs.put(CONTAINER, PATHS.planShard('tasks', 0), jsonLines(plan));
      sut.blobs.put(CONTAINER, PATHS.ledger('1'), jsonLines([entry(1, 1, 'failed'), entry(11, 1, 'failed')]));
      sut.batch.presentWaves = [2, 1];
      sut.batch.tasks = [live(1, 'failed'), live(1, 'running', 2)];
      const { body } = await sut.http.get(`${TASKS}/1`).expect(200);
      expect(body).toMatchObject({ index: 1, state: 'running', attempts: 2, planned: plan[1], batch: { wave: 2 } });
      expect(body.history).toEqual([entry(1, 1, 'failed')]);
      expect(body.links.stdout).toMatch(/\/tasks\/1\/files\/stdout.txt$/);
    });

    it.each(['2', '99999999', 'x', '-1', '1e3'])('are not found under %s', async (index) => {
      await job('running', 2);
      sut.blobs.put(CONTAINER, PATHS.planShard('tasks', 0), jsonLines(plan));
      expect((await sut.http.get(`${TASKS}/${index}`).expect(404)).body.code).toBe('TaskNotFound');
    });
  });
});
