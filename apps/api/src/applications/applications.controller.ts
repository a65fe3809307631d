import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { type Application, applicationPlace } from '@windrow/contract';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { APPLICATION_PATHS, ApplicationPath, ApplicationPipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { type CreatedPlace, Places, type StoredPlace, tagOf } from '../places/places';
import { ApplicationsService } from './applications.service';
import {
  APPLICATION_CHANGE_EXAMPLES,
  APPLICATION_EXAMPLES,
  ApplicationChangeDto,
  ApplicationDto,
  ApplicationList,
  ApplicationView,
  mapApplication,
} from './dto';

@ApiTags('applications')
@Controller(APPLICATION_PATHS)
export class ApplicationsController {
  constructor(
    private readonly places: Places,
    private readonly applications: ApplicationsService,
  ) {}

  @Get()
  @Route({ summary: 'List the applications of a workspace, by name', answers: { 200: ApplicationList } })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ApplicationList> {
    const scope = applicationPlace({ workspace, application: '' });
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { rows, nextPageToken } = await this.places.list<Application>(scope, page);
    return { value: rows.map((row) => mapApplication(workspace, row, urls)), ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key again gives the same application.',
  })
  @Route({
    summary: 'Create an application and name it',
    body: ApplicationDto,
    bodyRequired: false,
    examples: APPLICATION_EXAMPLES,
    answers: { 201: ApplicationView, 200: ApplicationView },
    tagged: true,
    problems: [404, 409, 501, 502],
  })
  async create(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Body() spec: ApplicationDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ApplicationView> {
    return this.created(workspace, await this.applications.createUnnamed(workspace, spec, key), urls, response);
  }

  @Put(':application')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create an application by name, or get it',
    description: 'The same body again answers 200, another body 409 `ApplicationExists`.',
    body: ApplicationDto,
    bodyRequired: false,
    examples: APPLICATION_EXAMPLES,
    answers: { 201: ApplicationView, 200: ApplicationView },
    tagged: true,
    problems: [404, 409, 412, 501, 502],
  })
  async put(
    @Param(ApplicationPipe) path: ApplicationPath,
    @Body() spec: ApplicationDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ApplicationView> {
    return this.created(path.workspace, await this.applications.create(path, spec, ifMatch), urls, response);
  }

  @Get(':application')
  @Route({ summary: 'Get an application', answers: { 200: ApplicationView }, tagged: true, problems: [404] })
  async get(
    @Param(ApplicationPipe) path: ApplicationPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ApplicationView> {
    const found = await this.places.get<Application>(applicationPlace(path));
    return this.answer(path.workspace, found, urls, response);
  }

  @Patch(':application')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change an application',
    description: 'A JSON merge patch of title, labels and default version: what is absent stays, null takes away.',
    body: ApplicationChangeDto,
    examples: APPLICATION_CHANGE_EXAMPLES,
    answers: { 200: ApplicationView },
    tagged: true,
    problems: [404, 409, 412, 422, 501, 502],
  })
  async change(
    @Param(ApplicationPipe) path: ApplicationPath,
    @Body() change: ApplicationChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ApplicationView> {
    const changed = await this.applications.change(path, change, ifMatch);
    return this.answer(path.workspace, changed, urls, response);
  }

  @Delete(':application')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Delete an application with its versions',
    description:
      'Get the `Location` until it answers 404; the name is free again after that. 409 `ApplicationInUse` while pools have it in their set-up.',
    answers: { 202: ApplicationView, 204: 'There is none.' },
    problems: [409, 412, 502],
  })
  async delete(
    @Param(ApplicationPipe) path: ApplicationPath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ApplicationView | undefined> {
    const marked = await this.applications.delete(path, ifMatch);
    response.status(marked ? 202 : 204);
    if (!marked) return undefined;
    const view = mapApplication(path.workspace, marked, urls);
    response.setHeader('Location', view.url);
    return view;
  }

  private created(
    workspace: string,
    { place, created }: CreatedPlace<Application>,
    urls: Urls,
    response: HttpResponse,
  ): ApplicationView {
    const view = this.answer(workspace, place, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  private answer(
    workspace: string,
    place: StoredPlace<Application>,
    urls: Urls,
    response: HttpResponse,
  ): ApplicationView {
    setEtag(response, tagOf(place));
    return mapApplication(workspace, place, urls);
  }
}
