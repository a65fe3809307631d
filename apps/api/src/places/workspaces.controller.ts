import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { workspacePlace } from '@windrow/contract';
import { Caller, type Principal } from '../access/principal';
import { Access } from '../access/route-access';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { WORKSPACE_PATHS, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import {
  CHANGE_EXAMPLES,
  mapWorkspace,
  WORKSPACE_EXAMPLES,
  WorkspaceChangeDto,
  WorkspaceDto,
  WorkspaceList,
  WorkspaceView,
} from './dto';
import { type CreatedPlace, Places, type StoredPlace, tagOf } from './places';
import { WorkspacesService } from './workspaces.service';

@ApiTags('workspaces')
@Controller(WORKSPACE_PATHS)
export class WorkspacesController {
  constructor(
    private readonly places: Places,
    private readonly workspaces: WorkspacesService,
  ) {}

  @Get()
  @Access('caller')
  @Route({ summary: 'List the workspaces one has a role in, by name', answers: { 200: WorkspaceList } })
  async list(
    @Caller() caller: Principal,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<WorkspaceList> {
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { rows, nextPageToken } = await this.workspaces.listWorkspaces(caller, page);
    return { value: rows.map((place) => mapWorkspace(place, urls)), ...urls.next(nextPageToken) };
  }

  @Post()
  @Access('administrator')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same workspace.' })
  @Route({
    summary: 'Create a workspace and name it',
    body: WorkspaceDto,
    bodyRequired: false,
    examples: WORKSPACE_EXAMPLES,
    answers: { 201: WorkspaceView, 200: WorkspaceView },
    tagged: true,
    problems: [409],
  })
  async create(
    @Body() spec: WorkspaceDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WorkspaceView> {
    return this.created(await this.workspaces.createWorkspace(spec, key), urls, response);
  }

  @Put(':workspace')
  @Access('administrator')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create a workspace by name, or get it',
    description: 'The same body again answers 200, another body 409 `WorkspaceExists`.',
    body: WorkspaceDto,
    bodyRequired: false,
    examples: WORKSPACE_EXAMPLES,
    answers: { 201: WorkspaceView, 200: WorkspaceView },
    tagged: true,
    problems: [409, 412],
  })
  async put(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Body() spec: WorkspaceDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WorkspaceView> {
    return this.created(await this.places.create(workspacePlace(path.workspace), spec, ifMatch), urls, response);
  }

  @Get(':workspace')
  @Route({ summary: 'Get a workspace', answers: { 200: WorkspaceView }, tagged: true, problems: [404] })
  async get(
    @Param(WorkspacePipe) path: WorkspacePath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WorkspaceView> {
    return this.answer(await this.workspaces.getWorkspace(path.workspace), urls, response);
  }

  @Patch(':workspace')
  @Access('owner')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a workspace',
    description: 'A JSON merge patch: what is absent stays, null takes away.',
    body: WorkspaceChangeDto,
    examples: CHANGE_EXAMPLES,
    answers: { 200: WorkspaceView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async change(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Body() change: WorkspaceChangeDto,
    @Caller() caller: Principal,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WorkspaceView> {
    return this.answer(await this.workspaces.change(path.workspace, change, caller, ifMatch), urls, response);
  }

  @Delete(':workspace')
  @Access('owner')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Delete a workspace with all that is in it',
    description:
      'Running jobs are cancelled and waited for; clusters are deleted. Get the `Location` until it answers 404; the name is free again after that. Asking again joins it. The workspace behind the flat paths is emptied, and is there again with the next request.',
    answers: { 202: WorkspaceView, 204: 'There is none.' },
    problems: [412],
  })
  async delete(
    @Param(WorkspacePipe) path: WorkspacePath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WorkspaceView | undefined> {
    const input = { kind: 'workspace', workspace: path.workspace } as const;
    const place = await this.workspaces.delete(workspacePlace(path.workspace), input, ifMatch);
    response.status(place ? 202 : 204);
    if (!place) return undefined;
    const view = this.answer(place, urls, response);
    response.setHeader('Location', view.url);
    return view;
  }

  private created({ place, created }: CreatedPlace, urls: Urls, response: HttpResponse): WorkspaceView {
    const view = this.answer(place, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  private answer(place: StoredPlace, urls: Urls, response: HttpResponse): WorkspaceView {
    setEtag(response, tagOf(place));
    return mapWorkspace(place, urls);
  }
}
