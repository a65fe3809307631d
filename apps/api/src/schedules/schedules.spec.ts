import { type Schedule, schedulePlace } from '@windrow/contract';
import { DependencyUnavailableError } from '../common/errors';
import { SPEC, startApi } from '../testing/start-api';

const PATH = '/v1/workspaces/aero/schedules';
const KEY = { workspace: 'aero', schedule: 's1' };
const BODY = { spec: { cron: ['0 2 * * *'] }, job: SPEC };
const arrival = (more: object = {}) => ({ ...BODY, spec: { blobArrival: { container: 'incoming', ...more } } });

let sut: Awaited<ReturnType<typeof startApi>>;
beforeEach(async () => {
  sut = await startApi();
  sut.blobs.put('incoming', 'x', 'x');
});
afterEach(() => sut.close());

const put = (body: object = BODY, name = 's1') => sut.http.put(`${PATH}/${name}`).send(body);
const act = (action: string, body?: object) => sut.http.post(`${PATH}/s1:${action}`).send(body);

describe('a schedule', () => {
  it('is created once, got by the same body, and listed', async () => {
    const made = await put({ ...BODY, paused: true, note: 'not yet' }).expect(201);
    expect(made.headers['etag']).toMatch(/^"\w+"$/);
    expect(made.body).toMatchObject({ schedule: 's1', paused: true, note: 'not yet', definition: BODY });
    expect(made.body.next).toHaveLength(10);
    await put({ ...BODY, paused: true, note: 'not yet' }).expect(200);
    expect((await put().expect(409)).body.code).toBe('ScheduleExists');
    expect((await sut.http.get(PATH).expect(200)).body.value).toMatchObject([{ schedule: 's1', paused: true }]);
    expect((await sut.http.get('/v1/schedules').expect(200)).body.value).toEqual([]);
  });

  it('is completed by the same request, or by being looked at, when Temporal did not answer', async () => {
    sut.workflows.schedules.failure = new DependencyUnavailableError('Temporal');
    await put().expect(503);
    expect(sut.workflows.schedules.all.size).toBe(0);
    await put().expect(200);
    sut.workflows.schedules.all.clear();
    expect((await sut.http.get(`${PATH}/s1`).expect(200)).body.next).toHaveLength(10);
    expect(sut.workflows.schedules.all.size).toBe(1);
  });

  it('brings a change to Temporal later when it did not answer', async () => {
    await put().expect(201);
    sut.workflows.schedules.failure = new DependencyUnavailableError('Temporal');
    await sut.http.patch(`${PATH}/s1`).send({ overlap: 'allowAll' }).expect(503);
    await sut.http.get(`${PATH}/s1`).expect(200);
    expect([...sut.workflows.schedules.all.values()][0]!.definition.body.overlap).toBe('allowAll');
  });

  it('has in Temporal what is stored, though of two changes at once the earlier one came there last', async () => {
    await put().expect(201);
    const { schedules } = sut.workflows;
    const update = schedules.update.bind(schedules);
    let late: () => void = () => undefined;
    const waited = new Promise<void>((resolve) => (late = resolve));
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    jest.spyOn(schedules, 'update').mockImplementationOnce(async (...args) => {
      begun();
      await waited;
      return update(...args);
    });
    const patch = (overlap: string) => sut.http.patch(`${PATH}/s1`).send({ overlap });
    const earlier = patch('allowAll').then(({ status }) => status);
    await first;
    await patch('bufferOne').expect(200);
    late();
    expect(await earlier).toBe(200);
    expect([...schedules.all.values()][0]!.definition.body.overlap).toBe('bufferOne');
  });

  it('takes no template for a container: a blob could be named after that of another workspace', async () => {
    sut.blobs.put('blob', 'x', 'x');
    const input = { kind: 'blobs', container: '{{trigger.blob}}' };
    const { body } = await put({ ...arrival(), job: { ...SPEC, input } }).expect(400);
    expect(body.errors).toMatchObject([{ path: '$.job.input.container' }]);
  });

  it('is changed by a merge patch that is checked as a whole, in the version that If-Match names', async () => {
    const { headers } = await put().expect(201);
    const patch = (change: object) => sut.http.patch(`${PATH}/s1`).send(change);
    const changed = await patch({ spec: { timeZone: 'Europe/Paris' } })
      .set('If-Match', headers['etag']!)
      .expect(200);
    expect(changed.body.definition.spec).toEqual({ cron: ['0 2 * * *'], timeZone: 'Europe/Paris' });
    await patch({ overlap: 'skip' }).set('If-Match', headers['etag']!).expect(412);
    expect((await patch({ spec: { cron: null } }).expect(400)).body.errors).toMatchObject([{ path: '$.spec' }]);
    expect((await patch({ job: { task: { x: 1 } } }).expect(400)).body.errors).toMatchObject([
      { path: '$.job.task.x' },
    ]);
    expect((await patch({ paused: true }).expect(400)).body.errors).toMatchObject([{ path: '$.paused' }]);
  });

  it('is marked, and deleted by a workflow; nothing can be done with it meanwhile', async () => {
    await put().expect(201);
    expect((await sut.http.delete(`${PATH}/s1`).expect(202)).body.provisioningState).toBe('deleting');
    const uid = (await sut.resources.get<Schedule>(schedulePlace(KEY)))!.value.uid;
    expect(sut.workflows.deletions).toEqual([{ kind: 'schedule', ...KEY, uid }]);
    expect((await act('trigger').expect(409)).body.code).toBe('ScheduleDeleting');
    expect((await put().expect(409)).body.code).toBe('ScheduleDeleting');
    await sut.http.delete(`${PATH}/none`).expect(204);
  });

  it.each<[object, string, number]>([
    [{ spec: {} }, '$.spec', 400],
    [{ spec: { cron: ['0 2 * *'] } }, '$.spec.cron[0]', 422],
    [{ spec: { cron: ['0 0 * * *', '0 0 30 2 *'] } }, '$.spec.cron[1]', 422],
    [{ spec: { cron: ['0 0 * * *'], timeZone: 'Mars/Base' } }, '$.spec.timeZone', 422],
    [{ spec: { calendar: [{ dayOfMonth: [31], month: [2] }] } }, '$.spec.calendar[0]', 422],
    [{ spec: { calendar: [{ hour: [24] }] } }, '$.spec.calendar[0].hour[0]', 400],
    [{ spec: { interval: { every: 'PT0.5S' } } }, '$.spec.interval.every', 400],
    [{ spec: { interval: { every: 'PT1H', offset: 'PT1H' } } }, '$.spec.interval.offset', 400],
    [{ spec: { cron: ['0 0 * * *'], start: '2027-02-01T00:00:00Z', end: '2027-01-01T00:00:00Z' } }, '$.spec.end', 400],
    [{ catchUpWindow: 'PT9S' }, '$.catchUpWindow', 400],
    [{ overlap: 'sometimes' }, '$.overlap', 400],
    [{ job: { ...SPEC, labels: { a: '{{schedule.tim}}' } } }, '$.job.labels.a', 400],
    [{ job: { ...SPEC, labels: { a: '{{trigger.blob}}' } } }, '$.job.labels.a', 400],
    [{ job: { ...SPEC, task: {} } }, '$.job.task.commandLine', 400],
    [{ job: { ...SPEC, pool: { cluster: 'none' } } }, '$.job.pool.cluster', 422],
    [{ job: { ...SPEC, execution: { deadline: '2027-01-01T00:00:00Z' } } }, '$.job.execution.deadline', 400],
    [{ job: { ...SPEC, execution: { budget: {} } } }, '$.job.execution.budget', 400],
    [arrival({ every: 'PT9S' }), '$.spec.blobArrival.every', 400],
    [arrival({ groupBy: 'a/*' }), '$.spec.blobArrival.groupBy', 400],
    [arrival({ container: 'elsewhere' }), '$.spec.blobArrival.container', 422],
    [{ ...arrival(), overlap: 'skip' }, '$.overlap', 400],
    [{ ...arrival(), limitedRuns: 1 }, '$.limitedRuns', 400],
    [{ spec: { cron: ['0 0 * * *'], ...arrival().spec } }, '$.spec.blobArrival', 400],
    [{ ...arrival(), job: { ...SPEC, labels: { a: '{{schedule.windowStart}}' } } }, '$.job.labels.a', 400],
    [{ surprise: 1 }, '$.surprise', 400],
  ])('is refused with %j', async (change, path, status) => {
    const { body } = await put({ ...BODY, ...change }).expect(status);
    expect(body.errors).toMatchObject([{ path, message: expect.any(String) }]);
  });

  it('takes a job whose blobs are named by the time and need not be there yet', async () => {
    const input = { kind: 'rows', container: 'incoming', format: 'csv', blobs: ['{{schedule.time|yyyyMMdd}}.csv'] };
    await put({ ...BODY, job: { ...SPEC, input } }).expect(201);
    await put({ ...arrival(), job: { ...SPEC, labels: { blob: '{{trigger.blob}}' } } }, 's2').expect(201);
    await put(BODY, 'x'.repeat(48)).expect(400);
  });
});

describe('an action on a schedule', () => {
  it('goes to Temporal with the words of the caller', async () => {
    await put().expect(201);
    // Temporal counts bytes, and would refuse more than a thousand.
    await act('pause', { note: '\u{1F4A8}'.repeat(250) }).expect(200);
    for (const action of ['pause', 'resume']) await act(action, { note: 'x'.repeat(251) }).expect(400);
    expect((await act('pause', { note: 'why' }).expect(200)).body).toMatchObject({ paused: true, note: 'why' });
    expect((await act('resume').expect(200)).body.paused).toBe(false);
    const triggered = await act('trigger', { time: '2026-01-01T00:00:00.9Z', overlap: 'skip' }).expect(202);
    expect(triggered.body).toEqual({ scheduledTime: '2026-01-01T00:00:00Z', job: 's1-20260101T000000Z' });
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T02:00:00Z' };
    expect((await act('backfill', range).expect(202)).body).toEqual({ runs: 3 });
    expect(sut.workflows.schedules.calls).toEqual([
      ['trigger', '2026-01-01T00:00:00Z', 'skip'],
      ['backfill', '2026-01-01T00:00:00Z', '2026-01-03T02:00:00Z', 'bufferAll'],
    ]);
  });

  it.each<[object, number, RegExp]>([
    [{ from: '2020-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' }, 422, /1827/],
    [{ from: '2026-01-01T03:00:00Z', to: '2026-01-01T04:00:00Z' }, 422, /no time/],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 400, /before from/],
    [{ from: '2026-01-02T00:00:00Z', to: '2099-01-01T00:00:00Z' }, 400, /future/],
  ])('refuses to backfill %j', async (range, status, words) => {
    await put().expect(201);
    expect((await act('backfill', range).expect(status)).body.errors[0].message).toMatch(words);
    expect(sut.workflows.schedules.calls).toEqual([]);
  });

  it('does not backfill blobs', async () => {
    await put(arrival()).expect(201);
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T02:00:00Z' };
    expect((await act('backfill', range).expect(409)).body.code).toBe('NoTimes');
    expect((await act('trigger').expect(202)).body.job).toBeUndefined();
  });
});
