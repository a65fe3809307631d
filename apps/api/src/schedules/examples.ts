import type { ScheduleBody } from '@windrow/contract';

const POOL = { vmSizes: ['Standard_D2s_v5'], nodes: { max: 4 } };

const nightly: ScheduleBody = {
  displayName: 'Every night',
  spec: { cron: ['0 2 * * *'], timeZone: 'Europe/Berlin' },
  experiment: 'nightly',
  job: {
    input: { kind: 'blobs', container: 'corpus', prefix: '{{schedule.windowStart|yyyy/MM/dd}}/' },
    task: { commandLine: "/bin/sh -c 'wc -w inputs/*'", environment: { UNTIL: '{{schedule.windowEnd}}' } },
    pool: POOL,
  },
};
const arrivals: ScheduleBody = {
  spec: { blobArrival: { container: 'incoming', prefix: 'in/', settle: 'PT30S' } },
  job: {
    input: { kind: 'items', items: [{ blob: '{{trigger.blob}}' }] },
    task: { commandLine: '/bin/sh -c \'echo "$BLOB"\'', environment: { BLOB: '{{trigger.blob}}' } },
    pool: POOL,
  },
};

export const SCHEDULE_EXAMPLES = { nightly, arrivals };
export const SCHEDULE_CHANGE_EXAMPLES = { 'another time': { spec: { cron: ['0 3 * * *'] } } };
export const PAUSE_EXAMPLES = { 'with a reason': { note: 'storage is being moved' } };
export const TRIGGER_EXAMPLES = { now: {}, 'for a time': { time: '2026-01-15T02:00:00Z' } };
export const BACKFILL_EXAMPLES = { week: { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:00Z' } };
