import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type JobError,
  PROVISIONING_STATES,
  type ProvisioningState,
  RUN_STATES,
  runJob,
  type RunState,
  type RunTrigger,
  type Schedule,
  type ScheduleKey,
  type ScheduleRun,
} from '@windrow/contract';
import type { Urls } from '../http/urls';
import type { ScheduleDetails, ScheduleFacts } from '../workflows/schedule-gateway';

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

export class ScheduleRunView {
  @ApiProperty({ ...TIME, description: 'Nominal time, or when the blob was last changed.' }) scheduledTime!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, example: { kind: 'time' } }) trigger!: RunTrigger;
  @ApiProperty({ type: 'string', enum: RUN_STATES, example: 'succeeded' }) state!: RunState;
  @ApiProperty({ example: 'nightly-20260115T020000Z' }) job!: string;
  @ApiProperty() jobUrl!: string;
  @ApiProperty(TIME) startedTime!: string;
  @ApiPropertyOptional(TIME) endTime?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) error?: JobError;
}

export class ScheduleRunList {
  @ApiProperty({ type: [ScheduleRunView] }) value!: ScheduleRunView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class ScheduleCounts {
  @ApiProperty({ description: 'Runs, of blobs: looks, that were started.', example: 12 }) started!: number;
  @ApiProperty({ description: 'Times skipped as an earlier job ran.', example: 0 }) skippedByOverlap!: number;
  @ApiProperty({ description: 'Times missed by more than the catch-up window.', example: 0 }) missed!: number;
  @ApiProperty({ description: 'Times dropped as too many waited.', example: 0 }) dropped!: number;
}

export class ScheduleLinks {
  @ApiProperty() runs!: string;
}

export class ScheduleView {
  @ApiProperty({ example: 'nightly' }) schedule!: string;
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Every night' }) displayName?: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) labels!: Record<string, string>;
  @ApiProperty({ type: 'string', enum: PROVISIONING_STATES, example: 'succeeded' })
  provisioningState!: ProvisioningState;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The body as it is in force.' })
  definition!: object;
  @ApiPropertyOptional() paused?: boolean;
  @ApiPropertyOptional({ description: 'Why it is paused, or was resumed.' }) note?: string;
  @ApiPropertyOptional({ description: 'The next times, ten at most.', type: [String] }) next?: string[];
  @ApiPropertyOptional({ description: 'Of `limitedRuns`.', example: 3 }) remainingRuns?: number;
  @ApiPropertyOptional({ type: ScheduleRunView }) lastRun?: ScheduleRunView;
  @ApiPropertyOptional({ type: ScheduleCounts }) counts?: ScheduleCounts;
  @ApiProperty(TIME) createdTime!: string;
  @ApiProperty(TIME) updatedTime!: string;
  @ApiProperty({ type: ScheduleLinks }) links!: ScheduleLinks;
}

export class ScheduleList {
  @ApiProperty({ type: [ScheduleView] }) value!: ScheduleView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class ScheduleTriggered {
  @ApiProperty({ ...TIME, example: '2026-01-15T09:30:00Z' }) scheduledTime!: string;
  @ApiPropertyOptional({ description: 'Of blobs there is none: they are looked for.' }) job?: string;
}

export class ScheduleBackfilled {
  @ApiProperty({ description: 'Times in the range; those that have run keep their job.', example: 7 }) runs!: number;
}

export function mapSchedule(
  key: ScheduleKey,
  value: Schedule,
  urls: Urls,
  facts: Partial<ScheduleDetails> | ScheduleFacts = {},
  lastRun?: ScheduleRun,
): ScheduleView {
  const { displayName, labels = {}, paused: _paused, note: _note, ...definition } = value.body;
  const { revision: _revision, ...shown } = facts as Partial<ScheduleDetails>;
  const url = urls.schedule(key);
  return {
    ...key,
    url,
    ...(displayName !== undefined && { displayName }),
    labels,
    provisioningState: value.provisioningState,
    ...shown,
    ...(lastRun && { lastRun: mapRun(key, lastRun, urls) }),
    definition,
    createdTime: value.createdTime,
    updatedTime: value.updatedTime,
    links: { runs: `${url}/runs` },
  };
}

export function mapRun(key: ScheduleKey, run: ScheduleRun, urls: Urls): ScheduleRunView {
  const { scheduledTime, trigger, state, job, startedTime, endTime, error } = run;
  return {
    ...{ scheduledTime, trigger, state, job, startedTime },
    jobUrl: urls.job(runJob(key, run)),
    ...(endTime !== undefined && { endTime }),
    ...(error && { error }),
  };
}
