import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { JobRow } from '@windrow/contract';
import { waitFor } from '../../../../test/support/wait-for';
import { JOBS, jobInState, startApi } from '../testing/start-api';
import { changes, digestOf, present } from './job-changes';
import { EventIds, formatId, parseId } from './event-id';
import { JobFeeds, STREAMS_PER_PRINCIPAL } from './job-feeds';
import { EventStream } from './event-stream';
import type { NumberedEvent } from './job-feed';

const COUNTS = { total: 10, pending: 10, active: 0, running: 0, succeeded: 0, failed: 0 };
/** The feed reads once a second, and a busy machine takes some to tell everybody: of a hundred watchers far fewer. */
const FEW_READS = 20;
const FAILURE = {
  category: 'exitCode',
  code: 'FailureExitCode',
  exitCode: 3,
  count: 2,
  examples: [{ task: 7 }],
} as const;

function rowOf(change: Partial<JobRow> = {}): JobRow {
  return {
    workspace: 'aero',
    experiment: 'blades',
    job: 'j1',
    uid: 'u1',
    labels: {},
    state: 'running',
    phase: 'running',
    createdTime: '2026-01-15T09:00:00.000Z',
    updatedTime: '2026-01-15T09:00:01.000Z',
    counts: COUNTS,
    failures: [],
    timings: [],
    ...change,
  };
}

describe('what changed of a job', () => {
  it('is told by state and counts, and nothing where nothing changed', () => {
    const before = rowOf();
    expect(changes(before, rowOf({ updatedTime: '2026-01-15T09:00:09.000Z', labels: { a: 'b' } }))).toEqual([]);
    const counts = { ...COUNTS, pending: 9, running: 1 };
    expect(changes(before, rowOf({ counts }))).toEqual([{ type: 'counts', data: counts }]);
    const waiting = { code: 'QuotaReached', message: 'No quota.', since: '2026-01-15T09:00:00.000Z' };
    expect(changes(before, rowOf({ waiting }))).toMatchObject([
      { type: 'message', data: { code: 'waiting', text: 'No quota.' } },
      { type: 'state', data: { state: 'running', waiting, error: null } },
    ]);
    expect(changes(rowOf({ waiting }), before)).toMatchObject([{ type: 'state', data: { waiting: null } }]);
  });

  it('has a line for people about phases, new causes of failure, nodes and redrives', () => {
    const nodes = { target: 4, current: 4, usable: 1 };
    const row = rowOf({
      state: 'retrying',
      phase: 'retrying',
      failures: [{ ...FAILURE, examples: [...FAILURE.examples] }],
      nodes,
      redrives: 1,
    });
    const lines = changes(rowOf(), row).flatMap(({ type, data }) => (type === 'message' ? [data.text] : []));
    expect(lines).toEqual([
      'Redrive 1 of the job begins.',
      'The job is retrying; it was running.',
      '2 tasks failed (exitCode, exit code 3). Task 7 is one.',
      '1 of 4 nodes are usable.',
    ]);
    const more = { ...row, failures: [{ ...row.failures[0]!, count: 5 }] };
    expect(changes(row, more)).toEqual([]);
  });

  it('ends with the whole job', () => {
    const ended = rowOf({ state: 'succeeded', phase: 'succeeded' });
    expect(changes(rowOf(), ended).at(-1)).toEqual({ type: 'end', data: ended });
    expect(present(ended).map(({ type }) => type)).toEqual(['state', 'counts', 'end']);
  });
});

describe('ids of events', () => {
  it('rise, whatever the clock of the row does, and are read back', () => {
    const ids = new EventIds();
    const given = [5, 5, 3, 7].map((time) => ids.next(time));
    expect(given).toEqual([
      { time: 5, number: 0 },
      { time: 5, number: 1 },
      { time: 5, number: 2 },
      { time: 7, number: 0 },
    ]);
    ids.atLeast({ time: 9, number: 4 });
    expect(ids.next(8)).toEqual({ time: 9, number: 5 });
    const id = { time: 9, number: 4, digest: digestOf(rowOf()), end: true };
    expect(parseId(formatId(id))).toEqual(id);
  });

  it.each(['', 'x', '1', '1-x', '1-2-zz', '9999999999999999-1'])('%j is none', (text) => {
    expect(parseId(text)).toBeUndefined();
  });

  it('from the future are none', () => {
    expect(parseId(`${Date.now() + 600_000}-0`)).toBeUndefined();
  });
});

type Running = Awaited<ReturnType<typeof startApi>>;

describe('a stream of events', () => {
  let sut: Running;
  let address: string;
  const streams: AbortController[] = [];
  beforeEach(async () => {
    sut = await startApi();
    address = await sut.api.listen();
  });
  afterEach(async () => {
    streams.splice(0).forEach((one) => one.abort());
    await sut.close();
  });

  async function open(last?: string) {
    const abort = new AbortController();
    streams.push(abort);
    const response = await fetch(`${address}${JOBS}/j1/events`, {
      signal: abort.signal,
      headers: last === undefined ? {} : { 'Last-Event-ID': last },
    });
    const events: EventSourceMessage[] = [];
    const state = { over: false, retry: 0 };
    const parser = createParser({ onEvent: (event) => events.push(event), onRetry: (ms) => (state.retry = ms) });
    const decoder = new TextDecoder();
    const read = async () => {
      for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      state.over = true;
    };
    read().catch(() => (state.over = true));
    return { response, events, state, abort, names: () => events.map(({ event }) => event) };
  }

  const started = (change: Partial<JobRow> = {}) =>
    jobInState(sut, { state: 'running', phase: 'running', counts: COUNTS, ...change });
  const later = (row: JobRow, change: Partial<JobRow>) =>
    sut.catalogue.putJob({
      ...row,
      updatedTime: new Date(Date.parse(row.updatedTime) + 1000).toISOString(),
      ...change,
    });

  it('tells how the job stands, what changes, and its end; then 204 to whoever has seen it', async () => {
    const row = await started();
    const one = await open();
    expect(one.response.headers.get('content-type')).toContain('text/event-stream');
    expect(one.response.headers.get('cache-control')).toBe('no-store, no-transform');
    await waitFor('the first events', () => one.events.length === 2);
    await later(row, { state: 'succeeded', phase: 'succeeded', counts: { ...COUNTS, pending: 0, succeeded: 10 } });
    await waitFor('the end', () => one.state.over);
    expect(one.names()).toEqual(['state', 'counts', 'message', 'state', 'counts', 'end']);
    expect(JSON.parse(one.events.at(-1)!.data)).toMatchObject({
      job: 'j1',
      state: 'succeeded',
      links: { tasks: expect.any(String) },
    });
    expect(new Set(one.events.map(({ id }) => id)).size).toBe(6);
    expect((await open(one.events.at(-1)!.id)).response.status).toBe(204);
    const again = await open(one.events[2]!.id);
    await waitFor('the end again', () => again.state.over);
    expect(again.names()).toEqual(['state', 'counts', 'end']);
  });

  it('a hundred watchers read the catalogue as often as one, and nobody not at all', async () => {
    const row = await started();
    const getJob = jest.spyOn(sut.catalogue, 'getJob');
    const find = jest.spyOn(sut.blobs, 'readJsonIfPresent');
    const all = await Promise.all(Array.from({ length: 100 }, () => open()));
    await waitFor('all to know', () => all.every(({ events }) => events.length === 2));
    expect(getJob.mock.calls.length).toBeLessThanOrEqual(FEW_READS);
    expect(find.mock.calls.length).toBe(1);
    const reads = getJob.mock.calls.length;
    await later(row, { counts: { ...COUNTS, pending: 9, running: 1 } });
    await waitFor('all to hear', () => all.every(({ events }) => events.length === 3));
    expect(getJob.mock.calls.length - reads).toBeLessThanOrEqual(FEW_READS);
    all.forEach(({ abort }) => abort.abort());
    const feeds = sut.api.app.get(JobFeeds)['feeds'];
    await waitFor('the feed to be given up', () => feeds.size === 0);
    expect(sut.api.app.get(JobFeeds)['byPrincipal'].size).toBe(0);
  });

  it('goes on after the last event seen, here and at another process', async () => {
    const row = await started();
    const [one, other] = [await open(), await open()];
    await waitFor('both to know', () => one.events.length === 2 && other.events.length === 2);
    one.abort.abort();
    await later(row, { counts: { ...COUNTS, pending: 9, running: 1 } });
    await waitFor('the change', () => other.events.length === 3);
    const here = await open(one.events[1]!.id);
    await waitFor('what was missed', () => here.events.length > 0);
    expect(here.events.map(({ data }) => JSON.parse(data).running)).toContain(1);
    [here, other].forEach(({ abort }) => abort.abort());
    const feeds = sut.api.app.get(JobFeeds)['feeds'];
    await waitFor('the feed to be given up', () => feeds.size === 0);
    // A feed made anew is as another process would be: it knows the row alone.
    const upToDate = await open(other.events[2]!.id);
    const behind = await open(one.events[1]!.id);
    await waitFor('how it stands', () => behind.events.length === 2);
    expect(upToDate.events).toEqual([]);
    const seen = [...one.events, ...other.events].map(({ id }) => id);
    expect(behind.events.filter(({ id }) => seen.includes(id))).toEqual([]);
  });

  it('is for jobs that are there, and ends when they are not any more', async () => {
    expect((await open()).response.status).toBe(404);
    await started();
    const one = await open();
    await waitFor('the first events', () => one.events.length === 2);
    sut.catalogue.jobs.clear();
    await waitFor('the end', () => one.state.over);
  });

  it('survives a store that does not answer', async () => {
    const row = await started();
    const one = await open();
    await waitFor('the first events', () => one.events.length === 2);
    const broken = jest.spyOn(sut.catalogue, 'getJob').mockRejectedValueOnce(new Error('down'));
    await waitFor('a read that fails', () => broken.mock.calls.length > 0);
    await later(row, { counts: { ...COUNTS, running: 3 } });
    await waitFor('the change', () => one.events.length === 3);
  }, 20_000);

  it('is refused with 429 above the limit of a principal', async () => {
    await started();
    sut.api.app.get(JobFeeds)['byPrincipal'].set('anonymous', STREAMS_PER_PRINCIPAL);
    const { response } = await open();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('10');
    sut.api.app.get(JobFeeds)['byPrincipal'].clear();
  });

  it('ends, with a time to come back, when the API stops', async () => {
    await started();
    const one = await open();
    await waitFor('the first events', () => one.events.length === 2);
    await sut.api.close();
    await waitFor('the end', () => one.state.over);
    expect(one.state.retry).toBeGreaterThan(0);
    sut = await startApi();
  });
});

describe('a client that reads too slowly', () => {
  it('is told how things stand when it reads again, and nothing is kept for it', () => {
    const written: string[] = [];
    const handlers: Record<string, () => void> = {};
    let room = true;
    const response = {
      on: (name: string, handler: () => void) => (handlers[name] = handler),
      writeHead: () => undefined,
      write: (text: string) => (written.push(text), room),
      end: () => undefined,
      destroy: jest.fn(),
    };
    const event = (id: string): NumberedEvent => ({ type: 'counts', data: { ...COUNTS, running: Number(id) }, id });
    const closed = jest.fn();
    const source = { standing: () => [event('99')], closed, render: ({ data }: NumberedEvent) => data };
    const timing = { heartbeatMs: 60_000, stuckMs: 60_000, lifeMs: 60_000 };
    const stream = new EventStream(response as never, source, timing);
    stream.open();
    room = false;
    stream.tell([event('1')]);
    for (let n = 2; n < 50; n += 1) stream.tell([event(String(n))]);
    expect(written).toHaveLength(2);
    room = true;
    handlers['drain']!();
    expect(written).toHaveLength(3);
    expect(written[2]).toContain('id: 99\n');
    handlers['close']!();
    expect(closed).toHaveBeenCalledTimes(1);
    stream.tell([event('100')]);
    expect(written).toHaveLength(3);
  });
});
