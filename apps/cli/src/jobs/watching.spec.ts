import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { run } from '../run';
import { styleOf } from '../output/style';
import { fakeIo, runFake } from '../testing/fake-io';
import { AT, jobView } from '../testing/jobs';
import { Output } from '../output/output';
import { barOf, frame } from './frame';
import { type Job, outcomeOf } from './job';
import { changeLine, LiveView } from './live';
import { milliseconds } from './watching';

const plain = styleOf(false);

const withoutColours = (text: string) => text.replace(/\u001b\[\d+m/g, '');

describe('the frame of a terminal', () => {
  const lines = (more = {}, width = 80, style = plain) => frame(jobView(more), { width, style, now: AT });

  it('shows state, bar and counts', () => {
    expect(lines()[0]).toBe('wordcount  running  1 min');
    expect(lines()[1]).toMatch(/^█+▓▒+░+ {2}49 of 100 tasks succeeded, 1 failed, 10 running, 40 queued$/);
  });

  it('shows why it waits, nodes, usage, and failures by cause with an example, all on one line each', () => {
    const shown = lines(
      {
        phase: 'retry',
        waiting: { code: 'QuotaReached', message: 'No quota left.', since: '2026-01-15T09:59:30.000Z' },
        nodes: { target: 4, current: 3, usable: 2 },
        usage: {
          dedicatedNodeSeconds: 7200,
          spotNodeSeconds: 0,
          cost: { amount: 1.5, currency: 'EUR' },
          updatedTime: '',
        },
        failures: [
          {
            category: 'exitCode',
            code: 'FailureExitCode',
            exitCode: 2,
            count: 3,
            examples: [{ task: 7, stderrTail: 'no\nfile\u001b[31m' }],
          },
          { category: 'timeout', code: 'X', count: 1, examples: [] },
        ],
      },
      120,
    );
    expect(shown[0]).toBe('wordcount  running  retry  1 min');
    expect(shown.slice(2)).toEqual([
      'waits    No quota left. (QuotaReached, since 30 s)',
      'nodes    2 usable of 3, wanted 4',
      'usage    2 h of dedicated nodes, 1.5 EUR (approximate)',
      'failed   3 x exit code 2, such as task 7: no file',
      'failed   1 x time limit (task.timeout)',
    ]);
  });

  it.each([20, 40, 60, 100])('never is wider than %i columns, with or without colour', (width) => {
    const more = {
      job: 'a-name-of-some-length',
      waiting: { code: 'X', message: 'y'.repeat(200), since: '2026-01-15T09:59:30.000Z' },
    };
    for (const line of [...lines(more, width), ...lines(more, width, styleOf(true)).map(withoutColours)]) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it.each([
    [{ total: 4, pending: 0, active: 0, running: 0, succeeded: 4, failed: 0 }, '██████████'],
    [{ total: 4, pending: 4, active: 0, running: 0, succeeded: 0, failed: 0 }, '░░░░░░░░░░'],
    [{ total: 1000, pending: 0, active: 0, running: 0, succeeded: 999, failed: 1 }, '█████████▓'],
    [{ total: 4, pending: 0, active: 1, running: 1, succeeded: 2, failed: 0 }, '█████▒▒░░░'],
  ])('of %j is %s', (counts, bar) => expect(barOf(counts, 10, plain).text).toBe(bar));
});

describe('the live view', () => {
  const view = (options: object, format: 'table' | 'json' = 'table') => {
    const io = fakeIo({ now: () => AT, ...options });
    return { io, sut: new LiveView(io, new Output(io, format, false)) };
  };

  it('is drawn in place on a terminal, and fits its height', () => {
    const { io, sut } = view({ isTTY: true, columns: 60, rows: 3 });
    const failures = [{ category: 'timeout', code: 'X', count: 1, examples: [] }] satisfies Job['failures'];
    sut.show(jobView({ failures }));
    const first = io.stdout();
    expect(first.split('\n')).toHaveLength(3);
    sut.show(jobView({ state: 'succeeded' }));
    expect(io.stdout().slice(first.length)).toMatch(/^\u001b\[2A\u001b\[2Kwordcount {2}succeeded/);
  });

  it('is a line a change elsewhere, of counts alone now and then', () => {
    let now = AT;
    const { io, sut } = view({ now: () => now });
    const counts = jobView().counts;
    sut.show(jobView());
    sut.show(jobView({ counts: { ...counts, succeeded: 50 } }));
    now += 5000;
    sut.show(jobView({ counts: { ...counts, succeeded: 51 } }));
    sut.show(jobView({ counts: { ...counts, succeeded: 51 }, state: 'gathering', phase: 'gathering' }));
    expect(
      io
        .stdout()
        .split('\n')
        .map((line) => line.split(',')[0]),
    ).toEqual([
      'wordcount running after 1 min: 49 of 100 tasks succeeded',
      'wordcount running after 1 min 5 s: 51 of 100 tasks succeeded',
      'wordcount gathering after 1 min 5 s: 51 of 100 tasks succeeded',
      '',
    ]);
    expect(changeLine(jobView(), jobView(), AT, true)).toBeUndefined();
  });

  it('is a document a line for programs', () => {
    const { io, sut } = view({ isTTY: true }, 'json');
    sut.show(jobView());
    expect(JSON.parse(io.stdout().trimEnd())).toEqual(jobView());
  });
});

describe('the outcome', () => {
  const failed = (exitCode: number | undefined, total: number) =>
    jobView({
      state: 'failed',
      counts: { ...jobView().counts, total },
      failures: [
        { category: 'exitCode', code: 'F', count: 1, examples: [], ...(exitCode === undefined ? {} : { exitCode }) },
      ],
    });

  it.each([
    [jobView({ state: 'succeeded' }), true, 0],
    [jobView({ state: 'cancelled' }), true, 3],
    [failed(9, 1), false, 1],
    [failed(9, 1), true, 9],
    [failed(9, 2), true, 1],
    [failed(-1, 1), true, 255],
    [failed(256, 1), true, 1],
    [failed(undefined, 1), true, 1],
  ])('%# as an exit code', (job, byTask, code) => expect(outcomeOf(job, byTask)).toBe(code));
});

it.each([
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
  ['PT15M', 900_000],
  ['P1DT2H', 93_600_000],
])('%s is %i ms', (text, ms) => expect(milliseconds(text)).toBe(ms));
it.each(['', '5', 'P', 'PT', 'soon'])('"%s" is no duration', (text) =>
  expect(() => milliseconds(text)).toThrow('duration'),
);

describe('following', () => {
  let api: HttpScript;

  beforeAll(async () => {
    api = await startHttpScript();
  });

  afterAll(() => api.stop());

  const succeeded = jobView({ state: 'succeeded', phase: 'succeeded' });
  const noRoute = { status: 404, body: { code: 'RouteNotFound', detail: 'No.' } };

  it('asks again and again where the API has no events, and through an absence of the API', async () => {
    api.answer(({ url }, n) => {
      if (url.endsWith('/events')) return noRoute;
      if (n > 3 && n < 9) return { status: 0, hangUp: true };
      return { status: 200, body: n < 9 ? jobView() : succeeded };
    });
    const { code, out, err } = await runFake(api.url, ['watch', 'wordcount'], { now: () => AT });
    expect(code).toBe(0);
    expect(out).toMatch(/^wordcount running .*\nwordcount succeeded /);
    expect(err).toContain('The API is away');
    expect(api.seen.filter(({ url }) => url.endsWith('/events'))).toHaveLength(1);
  });

  it('goes by the events where there are some, whole jobs or hints to look again', async () => {
    const event = (data: string) => `event: job\ndata: ${data}\n\n`;
    const retrying = jobView({ state: 'retrying', phase: 'retrying' });
    api.answer(({ url }, n) => {
      if (!url.endsWith('/events')) return { status: 200, body: n < 3 ? jobView() : succeeded };
      const body = `: hello\n\n${event(JSON.stringify(retrying))}${event('{"changed":true}')}`;
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
    });
    const { code, out } = await runFake(api.url, ['watch', 'wordcount', '-o', 'json']);
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { state: string }).state),
    ).toEqual(['running', 'retrying', 'succeeded']);
    expect(api.seen).toHaveLength(3);
  });

  it('goes by what events tell of a job, and asks no more than at the beginning', async () => {
    const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    const state = { state: 'retrying', phase: 'retrying', waiting: null, error: null, nodes: null, progress: null };
    const body = [
      event('message', { code: 'phase', text: 'The job is retrying.' }),
      event('state', state),
      event('counts', { ...jobView().counts, running: 5 }),
      event('state', { ...state, state: 'succeeded', phase: 'succeeded' }),
      event('end', succeeded),
    ].join('');
    api.answer(({ url }) =>
      url.endsWith('/events')
        ? { status: 200, headers: { 'content-type': 'text/event-stream' }, body }
        : { status: 200, body: jobView({ waiting: { code: 'Q', message: 'quota', since: '2026-01-15T09:00:00Z' } }) },
    );
    const { out } = await runFake(api.url, ['watch', 'wordcount', '-o', 'json']);
    const jobs = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ReturnType<typeof jobView>);
    expect(jobs.map(({ state }) => state)).toEqual(['running', 'retrying', 'retrying', 'succeeded']);
    expect(jobs[1]).not.toHaveProperty('waiting');
    expect(jobs[2]!.counts.running).toBe(5);
    expect(api.seen).toHaveLength(2);
  });

  it('ends with Ctrl-C, and says that the job goes on', async () => {
    api.answer(({ url }) => (url.endsWith('/events') ? noRoute : { status: 200, body: jobView() }));
    const io = fakeIo({ env: { WINDROW_URL: api.url }, onSleep: () => io.interrupt() });
    expect(await run(['wait', 'wordcount'], io)).toBe(130);
    expect(io.stderr()).toContain('`windrow watch wordcount` comes back');
  });

  it('ends when the time is over', async () => {
    api.answer(({ url }) => (url.endsWith('/events') ? noRoute : { status: 200, body: jobView() }));
    const { code, err } = await runFake(api.url, ['wait', 'wordcount', '--timeout', '0.05s']);
    expect(code).toBe(8);
    expect(err).toContain('windrow cancel wordcount');
  });

  it('is over at once for a job that is not there', async () => {
    api.answer(() => ({ status: 404, body: { code: 'JobNotFound', detail: 'There is none.' } }));
    expect(await runFake(api.url, ['watch', 'nobody'])).toMatchObject({ code: 4, out: '' });
    expect(api.seen.filter(({ url }) => url.includes('nobody'))).toHaveLength(1);
  });
});
