import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { SCHEDULE_PATHS, SchedulePath, SchedulePipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { ScheduleChangeDto, ScheduleDto } from './dto';
import { SCHEDULE_CHANGE_EXAMPLES, SCHEDULE_EXAMPLES } from './examples';
import { RunListQuery } from './run-list.query';
import { ScheduleRuns } from './schedule-runs';
import { type CreatedSchedule, SchedulesService, tagOf } from './schedules.service';
import { mapRun, mapSchedule, ScheduleList, ScheduleRunList, ScheduleView } from './view';

@ApiTags('schedules')
@Controller(SCHEDULE_PATHS)
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly runs: ScheduleRuns,
  ) {}

  @Get()
  @Route({ summary: 'List the schedules of a workspace, by name', answers: { 200: ScheduleList } })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ScheduleList> {
    const { rows, nextPageToken } = await this.schedules.list(workspace, { pageSize: DEFAULT_PAGE_SIZE, ...query });
    const value = rows.map(([row, facts]) => mapSchedule({ workspace, schedule: row.name }, row.value, urls, facts));
    return { value, ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same schedule.' })
  @Route({
    summary: 'Create a schedule and name it',
    body: ScheduleDto,
    examples: SCHEDULE_EXAMPLES,
    answers: { 201: ScheduleView, 200: ScheduleView },
    tagged: true,
    problems: [404, 409, 422],
  })
  async create(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Body() body: ScheduleDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ScheduleView> {
    return this.created(workspace, await this.schedules.createUnnamed(workspace, body, key), urls, response);
  }

  @Put(':schedule')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create a schedule by name, or get it',
    description: 'The same body again answers 200, another body 409 `ScheduleExists`.',
    body: ScheduleDto,
    examples: SCHEDULE_EXAMPLES,
    answers: { 201: ScheduleView, 200: ScheduleView },
    tagged: true,
    problems: [404, 409, 412, 422],
  })
  async put(
    @Param(SchedulePipe) path: SchedulePath,
    @Body() body: ScheduleDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ScheduleView> {
    return this.created(path.workspace, await this.schedules.create(path, body, ifMatch), urls, response);
  }

  @Get(':schedule')
  @Route({
    summary: 'Get a schedule, with its next times and its last run',
    answers: { 200: ScheduleView },
    tagged: true,
    problems: [404],
  })
  async get(
    @Param(SchedulePipe) path: SchedulePath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ScheduleView> {
    return this.answer(path, urls, response);
  }

  @Get(':schedule/runs')
  @Route({
    summary: 'List what a schedule has run, the latest first',
    answers: { 200: ScheduleRunList },
    problems: [404],
  })
  async listRuns(
    @Param(SchedulePipe) path: SchedulePath,
    @Query() query: RunListQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ScheduleRunList> {
    const { stored } = await this.schedules.get(path);
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { runs, nextPageToken } = await this.runs.list(path, stored.value, page);
    return { value: runs.map((run) => mapRun(path, run, urls)), ...urls.next(nextPageToken) };
  }

  @Patch(':schedule')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a schedule',
    description: 'A JSON merge patch: what is absent stays, null takes away. Jobs that run go on as they are.',
    body: ScheduleChangeDto,
    examples: SCHEDULE_CHANGE_EXAMPLES,
    answers: { 200: ScheduleView },
    tagged: true,
    problems: [404, 409, 412, 422],
  })
  async change(
    @Param(SchedulePipe) path: SchedulePath,
    @Body() change: ScheduleChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ScheduleView> {
    await this.schedules.change(path, change, ifMatch);
    return this.answer(path, urls, response);
  }

  @Delete(':schedule')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Delete a schedule',
    description: 'Its jobs stay. Get the `Location` until it answers 404; the name is free again after that.',
    answers: { 202: ScheduleView, 204: 'There is none.' },
    problems: [412],
  })
  async delete(
    @Param(SchedulePipe) path: SchedulePath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ScheduleView | undefined> {
    const marked = await this.schedules.delete(path, ifMatch);
    response.status(marked ? 202 : 204);
    if (!marked) return undefined;
    const view = mapSchedule(path, marked.value, urls);
    response.setHeader('Location', view.url);
    return view;
  }

  private async created(
    workspace: string,
    { schedule, created }: CreatedSchedule,
    urls: Urls,
    response: HttpResponse,
  ): Promise<ScheduleView> {
    const view = await this.answer({ workspace, schedule: schedule.name }, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  private async answer(path: SchedulePath, urls: Urls, response: HttpResponse): Promise<ScheduleView> {
    const { stored, details } = await this.schedules.get(path);
    const lastRun = await this.runs.last(path, stored.value);
    setEtag(response, tagOf(stored));
    return mapSchedule(path, stored.value, urls, details, lastRun);
  }
}
