import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_METRIC_NAME, type Scalar } from '@windrow/contract';
import { Choice, Text } from '../common/validation/fields';
import { PageQuery } from '../http/page-query';
import type { Urls } from '../http/urls';
import { MetricSummaryView, SCALARS } from '../jobs/dto/metrics.view';
import type { Listing, RankedJob } from './metrics.service';
import type { Order, RankedTask } from './ranking';

const ORDERS = ['asc', 'desc'] as const;
const LEVELS = ['task', 'job'] as const;

export class JobMetricsQuery extends PageQuery {
  @Text(
    { description: 'Metric to sort by. Without it the objective of the latest job that has one.', example: 'loss' },
    { max: MAX_METRIC_NAME },
  )
  metric?: string;

  @Choice(
    { description: 'The best first: `asc` where less is better. Without it as the objective says, else `asc`.' },
    ORDERS,
  )
  order?: Order;
}

export class ExperimentMetricsQuery extends JobMetricsQuery {
  @Choice({ description: 'What is listed: tasks of all jobs, or jobs by their best task.', default: 'task' }, LEVELS)
  level?: (typeof LEVELS)[number];
}

export class MetricsRowView {
  @ApiProperty({ example: 'sweep-1' }) job!: string;
  @ApiProperty({ description: 'Of the job, or of its task.' }) url!: string;
  @ApiPropertyOptional({ description: 'At level `task`.', example: 17 }) task?: number;
  @ApiProperty({ description: "Scalars of the task's item, or of the job's `parameters`.", ...SCALARS } as never)
  parameters!: Record<string, Scalar>;
  @ApiPropertyOptional({ description: 'At level `task`.', type: 'object', additionalProperties: { type: 'number' } })
  metrics?: Record<string, number>;
  @ApiPropertyOptional({ description: 'At level `job`.', type: 'object', additionalProperties: { type: 'object' } })
  values?: Record<string, MetricSummaryView>;
  @ApiProperty({ description: 'Of the metric sorted by; of a job that of its best task.', example: 0.12 })
  value!: number;
}

export class MetricsList {
  @ApiProperty({ description: 'Metric sorted by.', example: 'loss' }) metric!: string;
  @ApiProperty({ type: 'string', enum: ORDERS, example: 'asc' }) order!: Order;
  @ApiProperty({ description: 'All metrics there are.', example: ['accuracy', 'loss'] }) metrics!: string[];
  @ApiPropertyOptional({ description: 'The best task of all.', type: MetricsRowView }) best?: MetricsRowView;
  @ApiProperty({ type: [MetricsRowView] }) value!: MetricsRowView[];
  @ApiPropertyOptional({
    description:
      'The list ends where the order of what follows is not known: of each job the hundred tasks at either end of a metric are kept in order. All are in `results/METRICS_n.jsonl`.',
  })
  truncated?: boolean;
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

type JobUrl = (job: string) => string;

export function mapTasks(listing: Listing<RankedTask>, jobUrl: JobUrl, urls: Urls): MetricsList {
  return mapList(
    listing,
    listing.rows.map((row) => mapTask(row, jobUrl)),
    jobUrl,
    urls,
  );
}

export function mapJobs(listing: Listing<RankedJob>, jobUrl: JobUrl, urls: Urls): MetricsList {
  const rows = listing.rows.map(({ job, parameters, metrics: { values }, value }) => {
    return { job, url: jobUrl(job), parameters, values, value };
  });
  return mapList(listing, rows, jobUrl, urls);
}

function mapList(
  { metric, order, metrics, best, truncated, nextPageToken }: Listing<unknown>,
  value: MetricsRowView[],
  jobUrl: JobUrl,
  urls: Urls,
): MetricsList {
  return {
    metric,
    order,
    metrics,
    ...(best && { best: mapTask(best, jobUrl) }),
    value,
    ...(truncated && { truncated }),
    ...urls.next(nextPageToken),
  };
}

function mapTask({ job, task, parameters, metrics, value }: RankedTask, jobUrl: JobUrl): MetricsRowView {
  return { job, url: `${jobUrl(job)}/tasks/${task}`, task, parameters, metrics, value };
}
