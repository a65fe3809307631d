import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { runFake } from '../testing/fake-io';
import { AT, jobView } from '../testing/jobs';

let api: HttpScript;

beforeAll(async () => {
  api = await startHttpScript();
});

afterAll(() => api.stop());

const windrow = (args: string[], options = {}) => runFake(api.url, args, { now: () => AT, ...options });
const seen = () => api.seen.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`);

describe('submit', () => {
  it('sends one key with all its tries, so that a lost answer makes no second job', async () => {
    api.answer((_, n) => (n === 1 ? { status: 0, hangUp: true } : { status: 201, body: jobView() }));
    const { code, out } = await windrow(['submit', '-'], { stdin: '{}' });
    expect({ code, out }).toEqual({ code: 0, out: 'wordcount\nhttp://127.0.0.1:8080/v1/jobs/wordcount\n' });
    expect(seen()).toEqual(['POST /v1/jobs', 'POST /v1/jobs']);
    const [first, second] = api.seen.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[\w-]{36}$/);
    expect(second).toBe(first);
    await windrow(['submit', '-'], { stdin: '{}' });
    expect(api.seen.at(-1)!.headers['idempotency-key']).not.toBe(first);
  });

  it('puts a job with a name, in the workspace and experiment that were named', async () => {
    api.answer(() => ({ status: 201, body: jobView() }));
    await windrow(['-w', 'aero', 'submit', '-', '--name', 'a b', '-e', 'blades', '--set', 'x.y=1'], { stdin: '{}' });
    expect(seen()).toEqual(['PUT /v1/workspaces/aero/experiments/blades/jobs/a b']);
    expect(JSON.parse(api.seen[0]!.body)).toEqual({ x: { y: 1 } });
  });

  it('prints the document for programs', async () => {
    api.answer(() => ({ status: 201, body: jobView() }));
    const { out } = await windrow(['submit', '-', '-o', 'json'], { stdin: '{}' });
    expect(JSON.parse(out)).toEqual(jobView());
  });
});

it('what is suggested works where the command did', async () => {
  const job = jobView({ state: 'succeeded', endTime: '2026-01-15T10:00:00.000Z' });
  api.answer(() => ({ status: 200, body: job }));
  const { err } = await windrow(['submit', '-', '-w', 'aero', '-e', 'blades'], { stdin: '{}' });
  expect(err).toContain('`windrow watch wordcount -w aero -e blades`');
  const url = `${api.url}/`;
  const { out } = await windrow(['--url', url, 'wait', 'wordcount', '-w', "it's"]);
  expect(out).toContain(`Next: windrow download wordcount --to wordcount --url ${url} -w 'it'\\''s'`);
});

it('a job that somebody cancelled has not failed, and is not cancelled twice', async () => {
  const error = { code: 'Cancelled', message: 'The job was cancelled.' };
  api.answer(() => ({ status: 200, body: jobView({ state: 'cancelled', error }) }));
  const { code, out } = await windrow(['wait', 'wordcount']);
  expect({ code, failed: out.includes('Failed:') }).toEqual({ code: 3, failed: false });
  expect(out).toContain('The job was cancelled.');
  expect((await windrow(['cancel', 'wordcount'])).out).toBe('wordcount has ended already: cancelled.\n');
});

describe('list', () => {
  it('tells an experiment without jobs from a filter that nothing matches', async () => {
    api.answer(() => ({ status: 200, body: { value: [] } }));
    expect((await windrow(['list'])).out).toContain('windrow submit FILE');
    expect((await windrow(['list', '--state', 'failed'])).out).toBe('No job here matches.\n');
    expect((await windrow(['tasks', 'j', '--state', 'failed'])).out).toBe('No task is failed.\n');
  });

  it('sends its filters, ages counted back from now, and prints what a person reads', async () => {
    api.answer(() => ({ status: 200, body: { value: [jobView({ displayName: 'evil\u001b[2J\nname' })] } }));
    const args = [
      'list',
      '--state',
      'failed',
      '--label',
      'team=aero',
      '--label',
      'a=b=c',
      '--created-after',
      '2d',
      '--limit',
      '5',
    ];
    const { out } = await windrow([...args, '--created-before', '2026-01-15']);
    expect(seen()).toEqual([
      'GET /v1/jobs?state=failed&label=team:aero&label=a:b=c&createdAfter=2026-01-13T10:00:00.000Z&createdBefore=2026-01-15T00:00:00.000Z&pageSize=5',
    ]);
    expect(out).toMatch(
      /^NAME +STATE +TASKS +FAILED +CLUSTER +NODES +CREATED +TIME +NOTE\nwordcount +running +50\/100 +1 +1 min ago +1 min +evil name\n$/,
    );
  });

  it('prints the document unchanged, as JSON and YAML', async () => {
    const body = { value: [{ job: 'a', unknown: { b: [1] } }] };
    api.answer(() => ({ status: 200, body }));
    expect((await windrow(['list', '-o', 'json'])).out).toBe(`${JSON.stringify(body, null, 2)}\n`);
    expect((await windrow(['list', '-o', 'yaml'])).out).toBe(
      'value:\n  - job: a\n    unknown:\n      b:\n        - 1\n',
    );
  });

  it('fits the terminal and cuts nothing for a pipe', async () => {
    api.answer(() => ({ status: 200, body: { value: [jobView({ displayName: 'x'.repeat(90) })] } }));
    const lines = (await windrow(['list', '--no-color'], { isTTY: true, columns: 100 })).out.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await windrow(['list'])).out).toContain('x'.repeat(90));
  });

  it.each([
    ['--state', 'asleep'],
    ['--label', 'team'],
    ['--created-after', 'soon'],
    ['--limit', '0'],
    ['-o', 'xml'],
  ])('%s %s is an error of use, and nothing is asked', async (option, value) => {
    api.answer(() => ({ status: 500 }));
    expect(await windrow(['list', option, value])).toMatchObject({ code: 2, out: '' });
    expect(api.seen).toEqual([]);
  });
});

describe('actions', () => {
  it.each([
    [['cancel', 'a'], 'POST /v1/jobs/a:cancel', ''],
    [['pause', 'a'], 'POST /v1/jobs/a:pause', '{}'],
    [['pause', 'a', '--requeue'], 'POST /v1/jobs/a:pause', '{"running":"requeue"}'],
    [['job', 'resume', 'a'], 'POST /v1/jobs/a:resume', ''],
    [['update', 'a', '--set', 'execution.priority=low'], 'PATCH /v1/jobs/a', '{"execution":{"priority":"low"}}'],
    [['delete', 'a', '--yes'], 'DELETE /v1/jobs/a', ''],
    [
      ['redrive', 'a', '--exit-code', '1', '--exit-code', '-9', '--category', 'timeout', '--tasks', '0-9'],
      'POST /v1/jobs/a:redrive',
      '{"filter":{"exitCodes":[1,-9],"categories":["timeout"],"tasks":"0-9"}}',
    ],
  ])('%j is %s', async (args, request, body) => {
    api.answer(() => ({ status: 202, body: jobView() }));
    expect((await windrow(args)).code).toBe(0);
    expect(seen()).toEqual([request]);
    expect(api.seen[0]!.body).toBe(body);
  });

  it('a deletion is asked about, and without anybody to ask it needs --yes', async () => {
    api.answer(() => ({ status: 202 }));
    expect(await windrow(['delete', 'a'])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect((await windrow(['delete', 'a'], { stdinIsTTY: true, answers: ['n'] })).code).toBe(130);
    expect(api.seen).toEqual([]);
    expect((await windrow(['delete', 'a'], { stdinIsTTY: true, answers: ['y'] })).code).toBe(0);
    expect(seen()).toEqual(['DELETE /v1/jobs/a']);
  });
});

describe('logs', () => {
  const task = (more: object) => ({ status: 200, body: { index: 0, state: 'running', history: [], ...more } });
  const missing = (code: string) => ({ status: 404, body: { code, detail: 'No.' } });

  it('with --follow wait for the plan and the file, go on as it grows and with the next attempt, and end with the task', async () => {
    let round = 0;
    const content = ['', 'one', 'one two'];
    api.answer(({ url }) => {
      const query = new URL(url, api.url).searchParams;
      if (url.includes('/files/')) {
        if (query.get('attempt') === '2') return { status: 200, body: 'again'.slice(Number(query.get('offset'))) };
        return round < 3
          ? missing('FileNotFound')
          : { status: 200, body: content[Math.min(2, round - 2)]!.slice(Number(query.get('offset'))) };
      }
      if (!url.includes('/tasks/'))
        return { status: 200, body: jobView({ counts: { ...jobView().counts, total: 1 } }) };
      round += 1;
      if (round === 1) return missing('TaskNotFound');
      if (round < 5) return task({ batch: { wave: 1, state: 'running' } });
      if (round === 5) return task({ state: 'pending', history: [{ attempt: 1 }] });
      if (round === 6) return task({ history: [{ attempt: 1 }], batch: { wave: 2, state: 'running' } });
      return task({ state: 'succeeded', history: [{ attempt: 1 }, { attempt: 2 }] });
    });
    const { code, out, err } = await windrow(['logs', 'a', '-f']);
    expect({ code, out }).toEqual({ code: 0, out: 'one twoagain' });
    expect(err).toBe('--- task 0, attempt 2\n');
  });

  it('of which task must be said where there are several, and how to wait where there is nothing yet', async () => {
    api.answer(({ url }) => {
      if (url.includes('/files/')) return missing('FileNotFound');
      return url.includes('/tasks/') ? task({}) : { status: 200, body: jobView() };
    });
    expect(await windrow(['logs', 'a'])).toMatchObject({ code: 2, err: expect.stringContaining('100 tasks') });
    expect(await windrow(['logs', 'a', '3'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('windrow logs a 3 -f'),
    });
    expect((await windrow(['logs', 'a', 'x'])).code).toBe(2);
    expect((await windrow(['logs', 'a', '3', '--failed'])).code).toBe(2);
  });
});
