import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { EXPERIMENT_PATHS, JobsPath, JobsPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { ExperimentMetricsQuery, mapJobs, mapTasks, MetricsList } from './dto';
import { MetricsService } from './metrics.service';

@ApiTags('experiments')
@Controller(EXPERIMENT_PATHS)
export class ExperimentMetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get(':experiment/metrics')
  @Route({
    summary: 'List the metrics of an experiment, the best first',
    description: 'Of all its jobs that export metrics and have gathered: their tasks, or themselves, with parameters.',
    answers: { 200: MetricsList },
  })
  async list(
    @Param(JobsPipe) key: JobsPath,
    @Query() { level = 'task', ...query }: ExperimentMetricsQuery,
    @RequestUrls() urls: Urls,
  ): Promise<MetricsList> {
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const jobUrl = (job: string) => urls.job({ ...key, job });
    if (level === 'job') return mapJobs(await this.metrics.jobs(key, page), jobUrl, urls);
    return mapTasks(await this.metrics.tasks(key, page), jobUrl, urls);
  }
}
