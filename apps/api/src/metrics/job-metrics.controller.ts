import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { JOB_PATHS, JobPath, JobPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { JobMetricsQuery, mapTasks, MetricsList } from './dto';
import { MetricsService } from './metrics.service';

@ApiTags('jobs')
@Controller(JOB_PATHS)
export class JobMetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get(':job/metrics')
  @Route({
    summary: 'List the metrics of a job by task, the best first',
    description: 'Of a job that exports metrics and has gathered.',
    answers: { 200: MetricsList },
    problems: [404],
  })
  async list(
    @Param(JobPipe) key: JobPath,
    @Query() query: JobMetricsQuery,
    @RequestUrls() urls: Urls,
  ): Promise<MetricsList> {
    const listing = await this.metrics.tasksOfJob(key, { pageSize: DEFAULT_PAGE_SIZE, ...query });
    return mapTasks(listing, (job) => urls.job({ ...key, job }), urls);
  }
}
