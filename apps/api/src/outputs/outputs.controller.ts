import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { JOB_PATHS, JobPath, JobPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { linkMs, LinkQuery, OutputList, OutputListQuery, ResultsView } from './dto';
import { OutputsService } from './outputs.service';

@ApiTags('outputs')
@Controller(JOB_PATHS.map((path) => `${path}/:job`))
export class OutputsController {
  constructor(private readonly outputs: OutputsService) {}

  @Get('outputs')
  @Route({ summary: 'List the output files of a job, with links', answers: { 200: OutputList }, problems: [404] })
  async list(
    @Param(JobPipe) path: JobPath,
    @Query() query: OutputListQuery,
    @RequestUrls() urls: Urls,
  ): Promise<OutputList> {
    const page = await this.outputs.list(path, { pageSize: DEFAULT_PAGE_SIZE, ...query, linkMs: linkMs(query) });
    return { value: page.outputs, ...urls.next(page.nextPageToken) };
  }

  @Get('results')
  @Route({
    summary: 'Get the results of a job that has ended',
    description: '409 `JobNotFinished`, with the `state`, while it runs.',
    answers: { 200: ResultsView },
    problems: [404, 409],
  })
  async results(@Param(JobPipe) path: JobPath, @Query() query: LinkQuery): Promise<ResultsView> {
    return this.outputs.results(path, linkMs(query));
  }
}
