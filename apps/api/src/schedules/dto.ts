import {
  ARRIVAL_DEFAULTS,
  type BlobArrival,
  CALENDAR_BOUNDS,
  type CalendarEntry,
  type CalendarField,
  type CalendarRange,
  DEFAULT_CATCH_UP,
  type JobSpec,
  OVERLAP_POLICIES,
  type OverlapPolicy,
  type ScheduleBody,
  type ScheduleSpec,
} from '@windrow/contract';
import { Dictionary, Nested, NestedList, TextList } from '../common/validation/collections';
import { AnyJson, Choice, Duration, field, Flag, Int, Text, Time } from '../common/validation/fields';
import { rule } from '../common/validation/rule';
import { CONTAINER, globComplaint, labelComplaint, NAME } from '../jobs/dto/patterns';
import { JobSpecDto } from '../jobs/dto/job-spec.dto';

/** Numbers and ranges of one field of a calendar. */
function Ranges(name: CalendarField): PropertyDecorator {
  const [low, high] = CALENDAR_BOUNDS[name];
  const number = { type: 'integer', minimum: low, maximum: high };
  const range = { type: 'object', properties: { start: number, end: number, step: { type: 'integer', minimum: 1 } } };
  return field(
    {
      description: `Numbers from ${low} to ${high}, or ranges of them.`,
      example: [low, { start: low, end: high, step: 2 }],
    },
    { type: 'array', items: { oneOf: [number, range] } } as never,
    rule('InvalidValue', (value) => {
      if (!Array.isArray(value) || value.length === 0) return 'must be a list of numbers and ranges, and not empty';
      const n = value.findIndex((entry) => !isRange(entry, low, high));
      const text = `must be ${low} to ${high}, or a range {start, end, step} of that`;
      return n < 0 ? undefined : { at: `[${n}]`, text };
    }),
  );
}

function isRange(value: unknown, low: number, high: number): boolean {
  const fits = (one: unknown) => Number.isInteger(one) && (one as number) >= low && (one as number) <= high;
  if (typeof value === 'number') return fits(value);
  if (typeof value !== 'object' || value === null) return false;
  const { start, end = start, step = 1, ...unknown } = value as Record<string, unknown>;
  if (Object.keys(unknown).length > 0 || !Number.isInteger(step) || (step as number) < 1) return false;
  return fits(start) && fits(end) && (end as number) >= (start as number);
}

export class CalendarDto implements CalendarEntry {
  @Ranges('year') year?: CalendarRange[];
  @Ranges('month') month?: CalendarRange[];
  @Ranges('dayOfMonth') dayOfMonth?: CalendarRange[];
  @Ranges('dayOfWeek') dayOfWeek?: CalendarRange[];
  @Ranges('hour') hour?: CalendarRange[];
  @Ranges('minute') minute?: CalendarRange[];
  @Ranges('second') second?: CalendarRange[];
}

export class IntervalDto {
  @Duration({ description: 'Between two times, counted from 1970; whole seconds.', required: true })
  every!: string;

  @Duration({ description: 'Added to each of them.', example: 'PT5M' })
  offset?: string;
}

export class BlobArrivalDto implements BlobArrival {
  @Text({ description: 'Where blobs arrive.', example: 'incoming', required: true }, CONTAINER)
  container!: string;

  @Text({ description: 'What their names begin with.', example: 'in/' })
  prefix?: string;

  @TextList({ description: 'Globs over the name; one of them has to match.', example: ['**/*.csv'] }, {}, globComplaint)
  include?: string[];

  @TextList({ description: 'Globs over the name; none may match.', example: ['**/*.tmp'] }, {}, globComplaint)
  exclude?: string[];

  @Text({
    description: 'Blobs with the same `{group}` make one job; `*` and `**` stand for what varies besides.',
    example: 'in/{group}/*.csv',
  })
  groupBy?: string;

  @Duration({
    description: 'A blob counts when unchanged for so long.',
    default: ARRIVAL_DEFAULTS.settle,
    example: 'PT30S',
  })
  settle?: string;

  @Duration({
    description: 'Between two looks, at least ten seconds.',
    default: ARRIVAL_DEFAULTS.every,
    example: 'PT1M',
  })
  every?: string;

  @Choice(
    { description: 'Whether a blob that is written anew makes another job.', default: 'ignore', example: 'ignore' },
    ['ignore', 'submit'],
  )
  onChange?: 'ignore' | 'submit';

  @Int({ description: 'Jobs at a time.', default: ARRIVAL_DEFAULTS.maxActiveJobs, example: 10 }, 1, 500)
  maxActiveJobs?: number;

  @Int({ description: 'Jobs of one look at most.', default: ARRIVAL_DEFAULTS.maxJobsPerScan, example: 100 }, 1, 500)
  maxJobsPerScan?: number;
}

export class ScheduleSpecDto implements ScheduleSpec {
  @TextList({ description: 'Cron expressions of five fields.', example: ['0 2 * * MON-FRI'] }, { min: 1, max: 50 })
  cron?: string[];

  @Nested({ description: 'Again and again after the same time.' }, () => IntervalDto)
  interval?: IntervalDto;

  @NestedList({ description: 'Times by their parts.' }, () => CalendarDto, { min: 1, max: 50 })
  calendar?: CalendarDto[];

  @Text({ description: 'Of cron and calendar: a name of the IANA database.', default: 'UTC', example: 'Europe/Berlin' })
  timeZone?: string;

  @Time({ description: 'First moment; for blobs: how old they may be (default: as new as the schedule).' })
  start?: string;

  @Time({ description: 'Last moment.', example: '2028-01-15T09:30:00Z' })
  end?: string;

  @Duration({ description: 'Each run starts up to so much later.', example: 'PT5M' })
  jitter?: string;

  @Nested({ description: 'A job for each new blob, instead of times.' }, () => BlobArrivalDto)
  blobArrival?: BlobArrivalDto;
}

/** Temporal keeps notes of at most 1000 bytes; of UTF-8, a character has up to four. */
const NOTE = { max: 250 };
const OVERLAP = {
  description: 'What happens when a time comes while an earlier job runs.',
  example: 'skip',
};

export class ScheduleDto implements ScheduleBody {
  @Text({ description: 'Title for people.', example: 'Every night' })
  displayName?: string;

  @Dictionary({ description: 'Free labels, of the schedule.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;

  @Nested({ description: 'When: times, or the arrival of blobs.', required: true }, () => ScheduleSpecDto)
  spec!: ScheduleSpecDto;

  @Choice({ ...OVERLAP, description: `${OVERLAP.description} Default: skip; of blobs: allowAll.` }, OVERLAP_POLICIES)
  overlap?: OverlapPolicy;

  @Duration({ description: 'Times missed longer ago are given up.', default: DEFAULT_CATCH_UP, example: 'PT1H' })
  catchUpWindow?: string;

  @Flag({ description: 'A job that fails pauses the schedule.', default: false })
  pauseOnFailure?: boolean;

  @Int({ description: 'So many runs, and no more.', example: 10 }, 1, 1_000_000)
  limitedRuns?: number;

  @Flag({ description: 'It is created paused.', default: false })
  paused?: boolean;

  @Text({ description: 'Why it is paused.', example: 'Until the data is there' }, NOTE)
  note?: string;

  @Text({ description: 'Experiment of its jobs.', default: 'migrated', example: 'nightly' }, NAME)
  experiment?: string;

  @Nested(
    { description: 'The job, whose texts may hold `{{schedule.time}}` and others.', required: true },
    () => JobSpecDto,
  )
  job!: JobSpec & JobSpecDto;
}

/** A merge patch (RFC 7396) of the body; what comes of it is checked as a whole. */
export class ScheduleChangeDto {
  @Change('displayName', 'string', 'Title for people; null takes it away.') displayName?: unknown;
  @Change('labels', 'object', 'Labels to set, or by null to take away.') labels?: unknown;
  @Change('spec', 'object', 'Members of `spec` to set, or by null to take away.') spec?: unknown;
  @Change('overlap', 'string', OVERLAP.description) overlap?: unknown;
  @Change('catchUpWindow', 'string', 'Times missed longer ago are given up.') catchUpWindow?: unknown;
  @Change('pauseOnFailure', 'boolean', 'A job that fails pauses the schedule.') pauseOnFailure?: unknown;
  @Change('limitedRuns', 'integer', 'So many more runs, from now on; null: without a limit.') limitedRuns?: unknown;
  @Change('experiment', 'string', 'Experiment of its jobs.') experiment?: unknown;
  @Change('job', 'object', 'Members of the job to set, or by null to take away.') job?: unknown;
}

function Change(_name: string, type: string, description: string): PropertyDecorator {
  return AnyJson({ description }, { type, nullable: true } as never, () => undefined);
}

export class SchedulePauseDto {
  static readonly bodyMayBeAbsent = true;

  @Text({ description: 'Why, for those who find it so.', example: 'storage is being moved' }, NOTE)
  note?: string;
}

export class TriggerDto {
  static readonly bodyMayBeAbsent = true;

  @Choice({ ...OVERLAP, default: 'allowAll', example: 'allowAll' }, OVERLAP_POLICIES)
  overlap?: OverlapPolicy;

  @Time({ description: 'The time that the run stands for (default: now).' })
  time?: string;
}

export class BackfillDto {
  @Time({ description: 'First moment of the range.', required: true, example: '2026-01-01T00:00:00Z' })
  from!: string;

  @Time({ description: 'Last moment of the range.', required: true, example: '2026-01-08T00:00:00Z' })
  to!: string;

  @Choice({ ...OVERLAP, default: 'bufferAll', example: 'bufferAll' }, OVERLAP_POLICIES)
  overlap?: OverlapPolicy;
}
