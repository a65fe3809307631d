import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChildEmulator, compileEmulator } from './child-emulator';
import { createJob, createPool, poolReady, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

const ROUNDS = 4;

/** The same load every time; `mulberry32`. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('death at any moment', () => {
  const program = compileEmulator();
  let location: string;
  let emulator: ChildEmulator | undefined;
  let rest: Rest;
  afterAll(() => program.remove());
  beforeEach(async () => (location = await mkdtemp(path.join(tmpdir(), 'emulator-kill-'))));
  afterEach(async () => {
    await emulator?.kill();
    await rm(location, { recursive: true, force: true });
  });

  async function start(maxFileKib?: number): Promise<void> {
    emulator = await ChildEmulator.start(program.main, ['--quiet', '--location', location], maxFileKib);
    rest = new Rest(emulator.target);
  }
  const die = async (): Promise<void> => emulator?.kill();
  const journals = async (kind: string): Promise<string[]> =>
    (await readdir(path.join(location, 'journal'))).filter((name) => name.startsWith(kind)).sort();

  /** Processes that carry the mark of a node of this location. */
  async function processesLeft(): Promise<number> {
    let count = 0;
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (environment.includes(`AZ_BATCH_NODE_ROOT_DIR=${location}`)) count++;
    }
    return count;
  }

  it('loses nothing that was acknowledged, and brings nothing back that was deleted', async () => {
    const random = seeded(4711);
    const [present, absent] = [new Set<string>(), new Set<string>()];
    const unsure = new Set<string>();
    const written = new Map<string, string>();
    await start();
    const poolId = await createPool(rest, { taskSlotsPerNode: 4 });
    await poolReady(rest, poolId);
    const files = await createJob(rest, poolId);
    const schedule = { id: 'recurring', schedule: { recurrenceInterval: 'PT1M' } };
    const jobSpecification = { poolInfo: { poolId: 'nopool' } };
    expect((await rest.post('/jobschedules', { ...schedule, jobSpecification })).status).toBe(201);
    let count = 0;

    /** Does something and notes what is known to be true after it; what got no answer may be either way. */
    async function act(): Promise<void> {
      const chance = random();
      const known = [...present];
      const victim = known[Math.floor(random() * known.length)];
      if (chance < 0.15 && victim !== undefined) {
        present.delete(victim);
        unsure.add(victim);
        if ((await rest.delete(victim)).status >= 300) return;
        unsure.delete(victim);
        absent.add(victim);
      } else if (chance < 0.3) {
        const id = `file-${count++}`;
        await rest.post(`/jobs/${files}/tasks`, { id, commandLine: `echo ${id}` });
        if ((await rest.get(`/jobs/${files}/tasks/${id}`)).json.state === 'completed') written.set(id, `${id}\n`);
      } else {
        const id = `made-${count++}`;
        const [list, url, body] =
          chance < 0.6
            ? [`/jobs/${files}/tasks`, `/jobs/${files}/tasks/${id}`, { id, commandLine: 'true' }]
            : ['/jobs', `/jobs/${id}`, { id, poolInfo: { poolId: 'nopool' } }];
        unsure.add(url);
        if ((await rest.post(list, body)).status !== 201) return;
        unsure.delete(url);
        present.add(url);
      }
    }

    for (let round = 0; round < ROUNDS; round++) {
      const enough = count + 10 + Math.floor(random() * 60);
      let isDead = false;
      const worker = async (): Promise<void> => {
        while (!isDead) await act().catch(() => undefined);
      };
      const load = Promise.all([worker(), worker(), worker(), worker()]);
      await rest.post(`/jobs/${files}/tasks`, { id: `long-${round}`, commandLine: 'sleep 600' });
      await until(() => Promise.resolve(count >= enough), 'enough load');
      await die();
      isDead = true;
      await load;
      await start();
      for (const url of present) expect([url, (await rest.get(url)).status]).toEqual([url, 200]);
      for (const url of absent) {
        await until(async () => (await rest.get(url)).status === 404, `${url} to be gone`);
      }
      for (const [id, content] of written) {
        expect((await rest.get(`/jobs/${files}/tasks/${id}/files/stdout.txt`)).text).toBe(content);
      }
      const again = await taskInState(rest, files, `long-${round}`, 'running');
      expect(again.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
      await rest.post(`/jobs/${files}/tasks/long-${round}/terminate`);
      expect((await rest.get('/jobschedules/recurring')).json.executionInfo.recentJob.id).toBe('recurring:job-1');
    }
    expect(present.size).toBeGreaterThan(20);
    expect(absent.size).toBeGreaterThan(0);
    await rest.delete(`/pools/${poolId}`);
    await until(async () => (await processesLeft()) === 0, 'every process to be gone');
  });

  it('schedules go on where they were', async () => {
    const fast = async (): Promise<void> => {
      emulator = await ChildEmulator.start(program.main, ['--quiet', '--location', location, '--time-scale', '600']);
      rest = new Rest(emulator.target);
    };
    const recent = async (): Promise<number> => {
      const { executionInfo } = (await rest.get('/jobschedules/s')).json;
      return Number(executionInfo.recentJob.id.split('job-')[1]);
    };
    await fast();
    const jobSpecification = { onAllTasksComplete: 'terminatejob', poolInfo: { poolId: 'nopool' } };
    await rest.post('/jobschedules', { id: 's', schedule: { recurrenceInterval: 'PT1M' }, jobSpecification });
    await until(async () => (await recent()) >= 2, 'a second job');
    await die();
    await fast();
    const before = await recent();
    await until(async () => (await recent()) > before, 'the next job');
  });

  it('a torn journal and a snapshot that was not finished are survived, also at once', async () => {
    await start();
    const jobId = await createJob(rest, 'nopool');
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'kept', commandLine: 'true' });
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'torn', commandLine: 'true' });
    await die();
    const [journal = ''] = await journals('journal');
    const file = path.join(location, 'journal', journal);
    const text = await readFile(file, 'utf8');
    await truncate(file, text.lastIndexOf('{"kind":"task"') + 20);
    await writeFile(path.join(location, 'journal/snapshot-00000007.jsonl.tmp'), '{"kind":"job","spec":{"id":"ha');
    await appendFile(path.join(location, 'journal/notes.txt'), 'not mine');
    await start();
    const tasks: Body[] = (await rest.get(`/jobs/${jobId}/tasks`)).json.value;
    expect(tasks.map((task) => task.id)).toEqual(['kept']);
    expect((await rest.post(`/jobs/${jobId}/tasks`, { id: 'torn', commandLine: 'true' })).status).toBe(201);
    await die();
    await start();
    expect((await rest.get(`/jobs/${jobId}/tasks`)).json.value).toHaveLength(2);
  });

  it('a journal that cannot be written ends the emulator: nothing is acknowledged and lost, no process is left', async () => {
    await start(64);
    const poolId = await createPool(rest);
    await poolReady(rest, poolId);
    const running = await createJob(rest, poolId);
    await rest.post(`/jobs/${running}/tasks`, { id: 'long', commandLine: 'sleep 600' });
    await taskInState(rest, running, 'long', 'running');
    const acknowledged: string[] = [];
    const fill = async (): Promise<void> => {
      for (let count = 0; ; count++) {
        const id = `job-${count}`;
        const answer = await rest.post('/jobs', { id, displayName: 'x'.repeat(900), poolInfo: { poolId: 'nopool' } });
        expect(answer.status).toBe(201);
        acknowledged.push(id);
      }
    };
    await expect(fill()).rejects.toThrow(/ECONN|socket hang up/);
    expect(await emulator?.ended()).toBe(1);
    expect(emulator?.errors()).toMatch(/the journal cannot be written: .*EFBIG/);
    expect(await processesLeft()).toBe(0);
    await start();
    expect(acknowledged.length).toBeGreaterThan(5);
    for (const id of acknowledged) expect((await rest.get(`/jobs/${id}`)).status).toBe(200);
  });

  it.each([
    ['the location', 'here', ''],
    ['the journal', 'journal', ''],
    ['the folder above', 'here', '/below'],
  ])('a file in the place of %s stops the start with a word', async (_what, name, below) => {
    await writeFile(path.join(location, name), '');
    const place = name === 'journal' ? location : path.join(location, name + below);
    const starting = ChildEmulator.start(program.main, ['--quiet', '--location', place]);
    await expect(starting).rejects.toThrow(new RegExp(`ended with 1: The location ${place} cannot be used \\(E`));
  });
});
