import { type Client, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleBody } from '@windrow/contract';
import { TemporalSchedules } from './temporal-schedules';

const KEY = { workspace: 'w', schedule: 's' };
const JOB = {} as ScheduleBody['job'];
const HOUR_MS = 3_600_000;

type State = { paused: boolean; remainingActions?: number };

/** What Temporal is told; its client is the test's. */
function sut(state: State = { paused: false }) {
  const told: Record<string, unknown>[] = [];
  const schedule = {
    create: async (options: Record<string, unknown>) => void told.push(options),
    getHandle: () => ({
      update: async (change: (before: { state: State }) => Record<string, unknown>) =>
        void told.push(change({ state })),
    }),
  };
  const gateway = new TemporalSchedules({ schedule } as unknown as Client, (call) => call());
  const definition = (body: Partial<ScheduleBody>) => ({
    ...KEY,
    uid: 'u',
    revision: 'r',
    body: { spec: { cron: ['0 2 * * *'] }, job: JOB, ...body },
  });
  return { told, gateway, definition };
}

describe('what Temporal is told of a schedule', () => {
  const created = async (body: Partial<ScheduleBody>) => {
    const { told, gateway, definition } = sut();
    await gateway.create(definition(body));
    return told[0];
  };

  it('gives up times that were missed by more than an hour, and skips what overlaps, unless said', async () => {
    expect(await created({})).toMatchObject({
      policies: { catchupWindow: HOUR_MS, overlap: ScheduleOverlapPolicy.SKIP },
    });
    expect(await created({ catchUpWindow: 'P1D', overlap: 'bufferAll' })).toMatchObject({
      policies: { catchupWindow: 24 * HOUR_MS, overlap: ScheduleOverlapPolicy.BUFFER_ALL },
    });
  });

  it('has the zone, jitter, bounds and number of runs', async () => {
    const bounds = { start: '2027-01-01T00:00:00Z', end: '2027-12-31T00:00:00Z' };
    const spec = { interval: { every: 'PT1H', offset: 'PT5M' }, timeZone: 'Europe/Berlin', jitter: 'PT1M', ...bounds };
    expect(await created({ spec, limitedRuns: 3, paused: true, note: 'later' })).toMatchObject({
      spec: {
        intervals: [{ every: HOUR_MS, offset: 300_000 }],
        timezone: 'Europe/Berlin',
        jitter: 60_000,
        startAt: new Date(bounds.start),
        endAt: new Date(bounds.end),
      },
      state: { remainingActions: 3, paused: true, note: 'later' },
    });
  });

  it('is nothing of its job but where it is', async () => {
    const job = { labels: { a: 'private' } } as unknown as ScheduleBody['job'];
    const options = await created({ job });
    expect(options).toMatchObject({ action: { args: [{ ...KEY, uid: 'u' }], memo: { revision: 'r' } } });
    expect(JSON.stringify(options)).not.toContain('private');
  });

  it('looks for blobs never twice at a time, and never makes up for looks', async () => {
    const spec = { blobArrival: { container: 'incoming' }, start: '2020-01-01T00:00:00Z' };
    const options = await created({ spec, overlap: 'allowAll' });
    expect(options).toMatchObject({ policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 10_000 } });
    expect(options!['spec']).toEqual({ intervals: [{ every: 60_000 }] });
  });

  it.each<[string, State, number | undefined, object, object]>([
    [
      'keeps what is left of a limit',
      { paused: true, remainingActions: 2 },
      undefined,
      { limitedRuns: 5 },
      { remainingActions: 2, paused: true },
    ],
    [
      'keeps a limit that is used up',
      { paused: false, remainingActions: 0 },
      undefined,
      { limitedRuns: 5 },
      { remainingActions: 0 },
    ],
    [
      'begins a limit anew when told so',
      { paused: false, remainingActions: 0 },
      5,
      { limitedRuns: 5 },
      { remainingActions: 5 },
    ],
    [
      'begins a limit that a crash kept from Temporal',
      { paused: false },
      undefined,
      { limitedRuns: 5 },
      { remainingActions: 5 },
    ],
    ['takes a limit away', { paused: false, remainingActions: 2 }, undefined, {}, { paused: false }],
  ])('a change %s', async (_what, before, runs, body, state) => {
    const { told, gateway, definition } = sut(before);
    await gateway.update(definition(body), runs);
    expect(told[0]!['state']).toEqual({ paused: before.paused, ...state });
  });
});
