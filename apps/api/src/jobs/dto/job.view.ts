import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type FailureCategory,
  type FailureGroup,
  isEphemeralCluster,
  JOB_STATES,
  type JobError,
  type JobExecution,
  type JobRow,
  type JobState,
  type JobUsage,
  jobWorkflowId,
  type PhaseProgress,
  type PhaseTiming,
  type RefusedRedrive,
  PRIORITIES,
  type Priority,
  type TaskCounts,
  type Waiting,
} from '@windrow/contract';
import { publicPath } from '../../http/action-path';
import type { Urls } from '../../http/urls';
import { JobMetricsView } from './metrics.view';

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

export class TaskCountsView implements TaskCounts {
  @ApiProperty({ example: 1000 }) total!: number;
  @ApiProperty({ description: 'Planned, not (or not again) handed to Batch.', example: 0 }) pending!: number;
  @ApiProperty({ example: 120 }) active!: number;
  @ApiProperty({ example: 80 }) running!: number;
  @ApiProperty({ example: 799 }) succeeded!: number;
  @ApiProperty({ example: 1 }) failed!: number;
}

export class WaitingView implements Waiting {
  @ApiProperty({ example: 'QuotaReached' }) code!: string;
  @ApiProperty({ example: 'The account has no quota left for Standard_D4s_v5.' }) message!: string;
  @ApiProperty(TIME) since!: string;
}

export class ProgressView implements PhaseProgress {
  @ApiProperty({ example: 420 }) done!: number;
  @ApiProperty({ example: 1000 }) total!: number;
  @ApiProperty({ enum: ['items', 'tasks', 'files', 'nodes'], example: 'tasks' }) unit!: PhaseProgress['unit'];
}

export class FailureExampleView {
  @ApiProperty({ example: 17 }) task!: number;
  @ApiPropertyOptional() message?: string;
  @ApiPropertyOptional({ description: 'Last part of stderr.' }) stderrTail?: string;
}

export class FailureGroupView implements FailureGroup {
  @ApiProperty({ type: 'string', example: 'exitCode' }) category!: FailureCategory;
  @ApiProperty({ example: 'FailureExitCode' }) code!: string;
  @ApiPropertyOptional({ example: 2 }) exitCode?: number;
  @ApiProperty({ example: 3 }) count!: number;
  @ApiProperty({ type: [FailureExampleView] }) examples!: FailureExampleView[];
}

export class JobErrorView implements JobError {
  @ApiProperty({ example: 'BlobNotFound' }) code!: string;
  @ApiProperty() message!: string;
  @ApiPropertyOptional({ example: '$.input.blobs[0]' }) path?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } }) batch?: {
    code: string;
    message: string;
  };
}

export class RefusedRedriveView extends JobErrorView implements RefusedRedrive {
  @ApiProperty(TIME) time!: string;
}

export class TimingView implements PhaseTiming {
  @ApiProperty({ example: 'planning' }) phase!: string;
  @ApiProperty(TIME) startTime!: string;
  @ApiPropertyOptional(TIME) endTime?: string;
}

export class NodesView {
  @ApiProperty({ example: 20 }) target!: number;
  @ApiProperty({ example: 18 }) current!: number;
  @ApiProperty({ description: 'Ready to run tasks.', example: 18 }) usable!: number;
}

export class ExecutionView implements JobExecution {
  @ApiPropertyOptional({ example: 500 }) maxParallelTasks?: number;
  @ApiProperty({ type: 'string', enum: PRIORITIES, example: 'normal' }) priority!: Priority;
  @ApiProperty({ format: 'duration', example: 'P7D' }) timeout!: string;
  @ApiPropertyOptional(TIME) deadline?: string;
  @ApiProperty({
    type: 'object',
    properties: { count: { type: 'integer' }, percent: { type: 'number' } },
    example: { count: 0, percent: 0 },
  })
  toleratedFailures!: { count: number; percent: number };
}

export class UsageView implements JobUsage {
  @ApiProperty({ example: 36_000 }) dedicatedNodeSeconds!: number;
  @ApiProperty({ example: 0 }) spotNodeSeconds!: number;
  @ApiPropertyOptional({
    description: 'Where the deployment has prices for the VM sizes used.',
    type: 'object',
    properties: { amount: { type: 'number' }, currency: { type: 'string' } },
    example: { amount: 1.92, currency: 'EUR' },
  })
  cost?: { amount: number; currency: string };
  @ApiProperty(TIME) updatedTime!: string;
}

export class JobLinks {
  @ApiProperty() tasks!: string;
  @ApiProperty() outputs!: string;
  @ApiProperty() results!: string;
  @ApiProperty() metrics!: string;
  @ApiProperty({ description: 'Server-sent events.' }) events!: string;
  @ApiProperty({ description: 'To be called with POST.' }) cancel!: string;
  @ApiProperty({ description: 'To be called with POST.' }) pause!: string;
  @ApiProperty({ description: 'To be called with POST.' }) resume!: string;
  @ApiProperty({ description: 'To be called with POST.' }) redrive!: string;
  @ApiPropertyOptional({ description: "The job's page in Temporal's web interface." }) temporal?: string;
}

export class JobView implements JobRow {
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ example: 'blades' }) experiment!: string;
  @ApiProperty({ example: 'wordcount' }) job!: string;
  @ApiProperty({ description: 'Unique for ever; names blobs and Batch resources.', example: '0h2k5v9w3x1d7f4g' })
  uid!: string;
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Word count of the corpus' }) displayName?: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { team: 'aero' } })
  labels!: Record<string, string>;
  @ApiProperty({ type: 'string', enum: JOB_STATES, example: 'running' }) state!: JobState;
  @ApiProperty({ description: 'Of the resource, not of its work.', type: 'string', enum: ['succeeded', 'deleting'] })
  provisioningState!: 'succeeded' | 'deleting';
  @ApiProperty({ description: 'What is being done, in a word.', example: 'running' }) phase!: string;
  @ApiPropertyOptional({ type: ProgressView }) progress?: ProgressView;
  @ApiPropertyOptional({ example: 'wind' }) cluster?: string;
  @ApiProperty(TIME) createdTime!: string;
  @ApiPropertyOptional(TIME) startTime?: string;
  @ApiPropertyOptional(TIME) endTime?: string;
  @ApiProperty(TIME) updatedTime!: string;
  @ApiPropertyOptional({ example: 50_000 }) items?: number;
  @ApiProperty({ type: TaskCountsView }) counts!: TaskCountsView;
  @ApiPropertyOptional({ description: 'Why the job is not getting on.', type: WaitingView }) waiting?: WaitingView;
  @ApiProperty({ description: 'Failures by cause.', type: [FailureGroupView] }) failures!: FailureGroupView[];
  @ApiPropertyOptional({ type: NodesView }) nodes?: NodesView;
  @ApiPropertyOptional({
    description: 'Time that tasks have run, of all attempts together. What their nodes cost is in `usage`.',
    example: 7200,
  })
  nodeSeconds?: number;
  @ApiPropertyOptional({
    description: "Nodes used: time of the job's own pool, or its share of a cluster's, by slots. Approximate.",
    type: UsageView,
  })
  usage?: UsageView;
  @ApiPropertyOptional({ description: 'How often it was redriven. Times are those of the last run.', example: 1 })
  redrives?: number;
  @ApiPropertyOptional({
    description: 'Why the last redrive did not begin; the job is as it was before it.',
    type: RefusedRedriveView,
  })
  redriveRefused?: RefusedRedriveView;
  @ApiPropertyOptional({ description: 'The values in force; `PATCH` changes them.', type: ExecutionView })
  execution?: ExecutionView;
  @ApiPropertyOptional({ description: 'Of jobs with `metrics`, once they have gathered.', type: JobMetricsView })
  metrics?: JobMetricsView;
  @ApiProperty({ type: [TimingView] }) timings!: TimingView[];
  @ApiPropertyOptional({ type: JobErrorView }) error?: JobErrorView;
  @ApiProperty({ type: JobLinks }) links!: JobLinks;
}

export class JobList {
  @ApiProperty({ type: [JobView] }) value!: JobView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

/** Where a workflow can be looked at, when anywhere. */
export type PageOf = (workflowId: string) => string | undefined;

export function mapJob({ cluster, live: _live, deleting, ...row }: JobRow, urls: Urls, pageOf: PageOf): JobView {
  const url = urls.job(row);
  const temporal = pageOf(jobWorkflowId(row));
  return {
    ...row,
    // A pool of the job's own is no cluster anybody could ask for.
    ...(cluster && !isEphemeralCluster(cluster) ? { cluster } : {}),
    provisioningState: deleting ? 'deleting' : 'succeeded',
    url,
    links: {
      tasks: `${url}/tasks`,
      outputs: `${url}/outputs`,
      results: `${url}/results`,
      metrics: `${url}/metrics`,
      events: `${url}/events`,
      cancel: publicPath(`${url}/~cancel`),
      pause: publicPath(`${url}/~pause`),
      resume: publicPath(`${url}/~resume`),
      redrive: publicPath(`${url}/~redrive`),
      ...(temporal ? { temporal } : {}),
    },
  };
}
