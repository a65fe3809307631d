import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { experimentPlace } from '@windrow/contract';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { EXPERIMENT_PATHS, JobsPath, JobsPipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import {
  CHANGE_EXAMPLES,
  mapExperiment,
  EXPERIMENT_EXAMPLES,
  ExperimentChangeDto,
  ExperimentDto,
  ExperimentList,
  ExperimentView,
} from './dto';
import { type CreatedPlace, Places, type StoredPlace, tagOf } from './places';
import { Scopes } from './scopes';
import { WorkspacesService } from './workspaces.service';

@ApiTags('experiments')
@Controller(EXPERIMENT_PATHS)
export class ExperimentsController {
  constructor(
    private readonly places: Places,
    private readonly workspaces: WorkspacesService,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @Route({ summary: 'List the experiments of a workspace, by name', answers: { 200: ExperimentList } })
  async list(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ExperimentList> {
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { rows, nextPageToken } = await this.workspaces.listExperiments(path.workspace, page);
    return { value: rows.map((place) => mapExperiment(path, place, urls)), ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same experiment.' })
  @Route({
    summary: 'Create an experiment and name it',
    body: ExperimentDto,
    bodyRequired: false,
    examples: EXPERIMENT_EXAMPLES,
    answers: { 201: ExperimentView, 200: ExperimentView },
    tagged: true,
    problems: [404, 409],
  })
  async create(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Body() spec: ExperimentDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ExperimentView> {
    return this.created(path, await this.workspaces.createExperiment(path.workspace, spec, key), urls, response);
  }

  @Put(':experiment')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create an experiment by name, or get it',
    description:
      'The same body again answers 200, another body 409 `ExperimentExists`. One comes into being with its first job, too.',
    body: ExperimentDto,
    bodyRequired: false,
    examples: EXPERIMENT_EXAMPLES,
    answers: { 201: ExperimentView, 200: ExperimentView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async put(
    @Param(JobsPipe) path: JobsPath,
    @Body() spec: ExperimentDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ExperimentView> {
    await this.scopes.openWorkspace(path.workspace);
    return this.created(path, await this.places.create(experimentPlace(path), spec, ifMatch), urls, response);
  }

  @Get(':experiment')
  @Route({ summary: 'Get an experiment', answers: { 200: ExperimentView }, tagged: true, problems: [404] })
  async get(
    @Param(JobsPipe) path: JobsPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ExperimentView> {
    return this.answer(path, await this.places.get(experimentPlace(path)), urls, response);
  }

  @Patch(':experiment')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change an experiment',
    description: 'A JSON merge patch: what is absent stays, null takes away.',
    body: ExperimentChangeDto,
    examples: CHANGE_EXAMPLES,
    answers: { 200: ExperimentView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async change(
    @Param(JobsPipe) path: JobsPath,
    @Body() change: ExperimentChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ExperimentView> {
    return this.answer(path, await this.places.change(experimentPlace(path), change, ifMatch), urls, response);
  }

  @Delete(':experiment')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Delete an experiment with its jobs',
    description:
      'Running jobs are cancelled and waited for. Get the `Location` until it answers 404; the name is free again after that. Asking again joins it.',
    answers: { 202: ExperimentView, 204: 'There is none.' },
    problems: [412],
  })
  async delete(
    @Param(JobsPipe) path: JobsPath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ExperimentView | undefined> {
    const input = { kind: 'experiment', workspace: path.workspace, experiment: path.experiment } as const;
    const place = await this.workspaces.delete(experimentPlace(path), input, ifMatch);
    response.status(place ? 202 : 204);
    if (!place) return undefined;
    const view = this.answer(path, place, urls, response);
    response.setHeader('Location', view.url);
    return view;
  }

  private created(
    path: WorkspacePath,
    { place, created }: CreatedPlace,
    urls: Urls,
    response: HttpResponse,
  ): ExperimentView {
    const view = this.answer(path, place, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  private answer(path: WorkspacePath, place: StoredPlace, urls: Urls, response: HttpResponse): ExperimentView {
    setEtag(response, tagOf(place));
    return mapExperiment(path, place, urls);
  }
}
