import {
  ARRIVAL_DEFAULTS,
  durationMs,
  expandJob,
  isTimeZone,
  type JobSpec,
  overlapOf,
  parseCron,
  parseGroupPattern,
  type ScheduleBody,
  type ScheduleSpec,
  ScheduleTimes,
} from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Temporal's own. Milliseconds. */
const SHORTEST_CATCH_UP = 10_000;
const SHORTEST_LOOK = 10_000;
/** One entity of the catalogue's table holds it. Characters. */
const MAX_BODY = 400_000;

/** Rules over several fields. The body alone decides them. */
export function bodyErrors(body: ScheduleBody): FieldError[] {
  return [
    ...kindErrors(body.spec),
    ...spanErrors(body),
    ...arrivalErrors(body),
    ...(body.job.execution?.deadline === undefined
      ? []
      : [
          error('$.job.execution.deadline', 'NotAllowed', 'is one moment, and every job has it; use execution.timeout'),
        ]),
    ...(asciiLength(body) <= MAX_BODY
      ? []
      : [
          error(
            '$.job',
            'TooLarge',
            'is too large for a schedule; put long lists of items into a manifest in Blob storage',
          ),
        ]),
  ];
}

/** What is well-formed and cannot be: cron expressions, zones, and times that never come. */
export function timeErrors({ spec }: ScheduleBody): FieldError[] {
  const cron = (spec.cron ?? []).flatMap((expression, n) => {
    const parsed = parseCron(expression);
    return typeof parsed === 'string' ? [error(`$.spec.cron[${n}]`, 'InvalidCron', parsed)] : [];
  });
  const zone = spec.timeZone === undefined || isTimeZone(spec.timeZone);
  const named = zone
    ? []
    : [error('$.spec.timeZone', 'UnknownTimeZone', `names no zone of the IANA database: '${spec.timeZone}'`)];
  const wrong = [...cron, ...named];
  return wrong.length > 0 || spec.blobArrival ? wrong : neverErrors(spec);
}

/** Each expression by itself, so that one which is impossible is not hidden by others. */
function neverErrors({ start, end, ...spec }: ScheduleSpec): FieldError[] {
  const zone = spec.timeZone === undefined ? {} : { timeZone: spec.timeZone };
  const from = new Date();
  const never = (part: ScheduleSpec) => new ScheduleTimes({ ...part, ...zone }).next(from) === undefined;
  const message = 'matches no time to come';
  const parts = [
    ...(spec.cron ?? []).map((one, n): [string, ScheduleSpec] => [`$.spec.cron[${n}]`, { cron: [one] }]),
    ...(spec.calendar ?? []).map((one, n): [string, ScheduleSpec] => [`$.spec.calendar[${n}]`, { calendar: [one] }]),
  ];
  const impossible = parts.flatMap(([path, part]) => (never(part) ? [error(path, 'NeverMatches', message)] : []));
  if (impossible.length > 0) return impossible;
  const bounds = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  const first = new ScheduleTimes({ ...spec, ...bounds }).next(new Date(start ?? 0));
  return first ? [] : [error('$.spec.end', 'NeverMatches', 'comes before the first time')];
}

/** The job as a run would have it, and what is wrong with its templates. */
export function sampleJob(name: string, { spec, job }: ScheduleBody): { job: JobSpec } | { errors: FieldError[] } {
  const { blobArrival } = spec;
  const times = new ScheduleTimes(spec);
  const time = (blobArrival ? undefined : times.next(new Date())) ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  const what = blobArrival?.groupBy === undefined ? { blob: 'blob' } : { group: 'group' };
  const expanded = expandJob(job, {
    name,
    time,
    ...(blobArrival ? { trigger: { container: blobArrival.container, ...what } } : { window: times.windowOf(time) }),
  });
  if ('job' in expanded) return expanded;
  return { errors: expanded.complaints.map(({ path, message }) => error(belowJob(path), 'InvalidTemplate', message)) };
}

/** A path of the job's own, as one of the schedule's body. */
export function belowJob(path: string): string {
  return `$.job${path.slice(1)}`;
}

function kindErrors({ cron, interval, calendar, blobArrival, timeZone, jitter }: ScheduleSpec): FieldError[] {
  const times = [cron, interval, calendar].some((kind) => kind !== undefined);
  if (!times && !blobArrival) return [error('$.spec', 'Required', 'must have cron, interval, calendar or blobArrival')];
  if (blobArrival && (times || timeZone !== undefined || jitter !== undefined)) {
    return [
      error(
        '$.spec.blobArrival',
        'NotAllowed',
        'must stand alone: without cron, interval, calendar, timeZone and jitter',
      ),
    ];
  }
  if (!interval) return [];
  const { every, offset = 'PT0S' } = interval;
  if (durationMs(every) < 1000 || durationMs(every) % 1000 > 0 || durationMs(offset) % 1000 > 0) {
    return [error('$.spec.interval.every', 'OutOfRange', 'must be whole seconds, at least one')];
  }
  return durationMs(offset) < durationMs(every)
    ? []
    : [error('$.spec.interval.offset', 'OutOfRange', `must be shorter than every (${every})`)];
}

function spanErrors({ spec: { start, end }, catchUpWindow }: ScheduleBody): FieldError[] {
  const errors: FieldError[] = [];
  if (start !== undefined && end !== undefined && Date.parse(end) <= Date.parse(start)) {
    errors.push(error('$.spec.end', 'OutOfRange', `must be later than start (${start})`));
  }
  if (catchUpWindow !== undefined && durationMs(catchUpWindow) < SHORTEST_CATCH_UP) {
    errors.push(error('$.catchUpWindow', 'OutOfRange', 'must be at least PT10S'));
  }
  return errors;
}

function arrivalErrors(body: ScheduleBody): FieldError[] {
  const { blobArrival } = body.spec;
  if (!blobArrival) return [];
  const errors: FieldError[] = [];
  if (durationMs(blobArrival.every ?? ARRIVAL_DEFAULTS.every) < SHORTEST_LOOK) {
    errors.push(error('$.spec.blobArrival.every', 'OutOfRange', 'must be at least PT10S'));
  }
  const pattern = blobArrival.groupBy === undefined ? undefined : parseGroupPattern(blobArrival.groupBy);
  if (typeof pattern === 'string') errors.push(error('$.spec.blobArrival.groupBy', 'InvalidPattern', pattern));
  if (!['allowAll', 'bufferAll'].includes(overlapOf(body))) {
    errors.push(error('$.overlap', 'NotAllowed', 'must be allowAll or bufferAll for blobs: others would lose some'));
  }
  if (body.limitedRuns !== undefined) {
    errors.push(error('$.limitedRuns', 'NotAllowed', 'is for times, not for blobs'));
  }
  return errors;
}

/** As it is stored, where other characters take six each. */
function asciiLength(body: ScheduleBody): number {
  return JSON.stringify(body).replace(/[\u0080-\uffff]/g, '\\u0000').length;
}

function error(path: string, code: string, message: string): FieldError {
  return { path, code, message };
}
