import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, IfNoneMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { JOB_PATHS, JobPath, JobPipe, JobsPath, JobsPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { DryRunService } from './dry-run.service';
import { JOB_EXAMPLES } from './dto/job-examples';
import { CHANGE_EXAMPLES, JobChangeDto, PAUSE_EXAMPLES, PauseDto } from './dto/job-change.dto';
import { JobListQueryDto } from './dto/job-list.query';
import { JobSpecDto } from './dto/job-spec.dto';
import { JobList, JobView, mapJob, type PageOf } from './dto/job.view';
import { mapPlan, PlanView } from './dto/plan.view';
import { REDRIVE_EXAMPLES, RedriveDto } from './dto/redrive.dto';
import type { Created } from './job-creator';
import { jobTag } from './job-tag';
import { JobsService } from './jobs.service';
import { RedriveService } from './redrive.service';

@ApiTags('jobs')
@Controller(JOB_PATHS)
export class JobsController {
  private readonly pageOf: PageOf;

  constructor(
    private readonly jobs: JobsService,
    private readonly dryRun: DryRunService,
    private readonly redrives: RedriveService,
    workflows: WorkflowGateway,
  ) {
    this.pageOf = (workflowId) => workflows.pageOf(workflowId);
  }

  @Get()
  @Route({
    summary: 'List the jobs of an experiment, newest first',
    description: 'By state, labels and time of creation; all conditions hold together.',
    answers: { 200: JobList },
  })
  async list(
    @Param(JobsPipe) scope: JobsPath,
    @Query() query: JobListQueryDto,
    @RequestUrls() urls: Urls,
  ): Promise<JobList> {
    const { rows, nextPageToken } = await this.jobs.list(scope, query);
    return { value: rows.map((row) => mapJob(row, urls, this.pageOf)), ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same job.' })
  @Route({
    summary: 'Create a job and name it',
    description: 'With an `Idempotency-Key` a repeated request gives the job it made the first time, with 200.',
    body: JobSpecDto,
    examples: JOB_EXAMPLES,
    answers: { 201: JobView, 200: JobView },
    tagged: true,
    problems: [409, 422],
  })
  async create(
    @Param(JobsPipe) scope: JobsPath,
    @Body() spec: JobSpecDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<JobView> {
    return this.answer(await this.jobs.createUnnamed(scope, spec, key), urls, response);
  }

  @Post('~plan')
  @HttpCode(200)
  @Route({
    summary: 'Dry run: plan a job without running it',
    description: 'Reads the input and counts; waits up to two minutes.',
    body: JobSpecDto,
    examples: JOB_EXAMPLES,
    answers: { 200: PlanView },
    problems: [422, 504],
  })
  async plan(@Param(JobsPipe) scope: JobsPath, @Body() spec: JobSpecDto): Promise<PlanView> {
    return mapPlan(await this.dryRun.plan(scope, spec));
  }

  @Put(':job')
  @Route({
    summary: 'Create a job by name, or get it',
    description: 'The same body again answers 200, another body 409 `JobExists`. Safe to repeat after any failure.',
    body: JobSpecDto,
    examples: JOB_EXAMPLES,
    answers: { 201: JobView, 200: JobView },
    tagged: true,
    problems: [409, 422],
  })
  async put(
    @Param(JobPipe) path: JobPath,
    @Body() spec: JobSpecDto,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<JobView> {
    return this.answer(await this.jobs.createNamed(path, spec), urls, response);
  }

  @Get(':job')
  @ApiHeader({ name: 'If-None-Match', required: false, description: '304 when nothing has changed since.' })
  @Route({
    summary: 'Get a job',
    answers: { 200: JobView, 304: 'It is what `If-None-Match` names.' },
    tagged: true,
    problems: [404],
  })
  async get(
    @Param(JobPipe) path: JobPath,
    @IfNoneMatch() known: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<JobView | undefined> {
    const row = await this.jobs.get(path);
    const etag = jobTag(row);
    setEtag(response, etag);
    if (!known?.matches(etag)) return mapJob(row, urls, this.pageOf);
    response.status(304);
    return undefined;
  }

  @Post(':job/~cancel')
  @HttpCode(202)
  @Route({
    summary: 'Cancel a job',
    description: 'Running tasks are ended, resources are released. 409 `JobNotActive` when it has ended otherwise.',
    answers: { 202: JobView },
    problems: [404, 409],
  })
  async cancel(@Param(JobPipe) path: JobPath, @RequestUrls() urls: Urls): Promise<JobView> {
    return mapJob(await this.jobs.cancel(path), urls, this.pageOf);
  }

  @Post(':job/~pause')
  @HttpCode(202)
  @Route({
    summary: 'Pause a job',
    description:
      'No further task starts; those that run end, or are put back. Slots of its cluster go back to it. Time limits go on. 409 `JobNotActive` when the job has ended.',
    body: PauseDto,
    bodyRequired: false,
    examples: PAUSE_EXAMPLES,
    answers: { 202: JobView },
    problems: [404, 409],
  })
  async pause(@Param(JobPipe) path: JobPath, @Body() body: PauseDto, @RequestUrls() urls: Urls): Promise<JobView> {
    return mapJob(await this.jobs.pause(path, { running: body.running ?? 'wait' }), urls, this.pageOf);
  }

  @Post(':job/~resume')
  @HttpCode(202)
  @Route({
    summary: 'Resume a paused job',
    description: 'It claims slots again, and goes on where it was. 409 `JobNotActive` when it has ended.',
    answers: { 202: JobView },
    problems: [404, 409],
  })
  async resume(@Param(JobPipe) path: JobPath, @RequestUrls() urls: Urls): Promise<JobView> {
    return mapJob(await this.jobs.resume(path), urls, this.pageOf);
  }

  @Post(':job/~redrive')
  @HttpCode(202)
  @Route({
    summary: 'Redrive a job that has ended',
    description:
      'Runs again what failed or never ran, or the part of it that `filter` matches, as a new run of the same job. What has succeeded is kept. As often as wanted within `cleanup.retention` of its last end. 409 `JobActive` while it runs, `NothingToRedrive` when all has succeeded; 410 when what it needs is gone.',
    body: RedriveDto,
    bodyRequired: false,
    examples: REDRIVE_EXAMPLES,
    answers: { 202: JobView },
    problems: [404, 409, 410, 422],
  })
  async redrive(@Param(JobPipe) path: JobPath, @Body() body: RedriveDto, @RequestUrls() urls: Urls): Promise<JobView> {
    return mapJob(await this.redrives.redrive(path, body), urls, this.pageOf);
  }

  @Patch(':job')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a job',
    description:
      'Title and labels: a JSON merge patch, at any time. `execution`: what is given replaces the present value, at once and for all later attempts; the rest stays. 409 `JobNotActive` when the job has ended. `If-Match` goes by title, labels and `execution`: a job that merely got on is the same version.',
    body: JobChangeDto,
    examples: CHANGE_EXAMPLES,
    answers: { 200: JobView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async change(
    @Param(JobPipe) path: JobPath,
    @Body() change: JobChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<JobView> {
    const row = await this.jobs.change(path, change, ifMatch);
    setEtag(response, jobTag(row));
    return mapJob(row, urls, this.pageOf);
  }

  @Delete(':job')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Delete a job',
    description:
      'With its results and all its files. One that runs is cancelled first, and waited for. Get the `Location` until it answers 404; the name is free again after that. Asking again joins it.',
    answers: { 202: JobView, 204: 'There is none.' },
    problems: [412],
  })
  async delete(
    @Param(JobPipe) path: JobPath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<JobView | undefined> {
    const row = await this.jobs.delete(path, ifMatch);
    response.status(row ? 202 : 204);
    if (!row) return undefined;
    const view = mapJob(row, urls, this.pageOf);
    response.setHeader('Location', view.url);
    return view;
  }

  private answer({ row, created }: Created, urls: Urls, response: HttpResponse): JobView {
    const view = mapJob(row, urls, this.pageOf);
    setEtag(response, jobTag(row));
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }
}
