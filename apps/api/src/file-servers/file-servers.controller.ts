import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { type FileServer, fileServerPlace } from '@windrow/contract';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { FILE_SERVER_PATHS, FileServerPath, FileServerPipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { type CreatedPlace, Places, type StoredPlace, tagOf } from '../places/places';
import {
  FILE_SERVER_CHANGE_EXAMPLES,
  FILE_SERVER_EXAMPLES,
  FileServerChangeDto,
  FileServerDto,
  FileServerList,
  FileServerView,
  mapFileServer,
} from './dto';
import { FileServersService } from './file-servers.service';

@ApiTags('fileServers')
@Controller(FILE_SERVER_PATHS)
export class FileServersController {
  constructor(
    private readonly places: Places,
    private readonly fileServers: FileServersService,
  ) {}

  @Get()
  @Route({ summary: 'List the file servers of a workspace, by name', answers: { 200: FileServerList } })
  async list(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<FileServerList> {
    const scope = fileServerPlace({ ...path, fileServer: '' });
    const { rows, nextPageToken } = await this.places.list<FileServer>(scope, {
      pageSize: DEFAULT_PAGE_SIZE,
      ...query,
    });
    return { value: rows.map((server) => mapFileServer(path, server, urls)), ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key again gives the same file server.',
  })
  @Route({
    summary: 'Create a file server and name it',
    body: FileServerDto,
    examples: FILE_SERVER_EXAMPLES,
    answers: { 201: FileServerView, 200: FileServerView },
    tagged: true,
    problems: [404, 409, 422],
  })
  async create(
    @Param(WorkspacePipe) path: WorkspacePath,
    @Body() spec: FileServerDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<FileServerView> {
    return this.created(path, await this.fileServers.createUnnamed(path.workspace, spec, key), urls, response);
  }

  @Put(':fileServer')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create a file server by name, or get it',
    description: 'The same body again answers 200, another body 409 `FileServerExists`.',
    body: FileServerDto,
    examples: FILE_SERVER_EXAMPLES,
    answers: { 201: FileServerView, 200: FileServerView },
    tagged: true,
    problems: [404, 409, 412, 422],
  })
  async put(
    @Param(FileServerPipe) path: FileServerPath,
    @Body() spec: FileServerDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<FileServerView> {
    return this.created(path, await this.fileServers.create(path, spec, ifMatch), urls, response);
  }

  @Get(':fileServer')
  @Route({ summary: 'Get a file server', answers: { 200: FileServerView }, tagged: true, problems: [404] })
  async get(
    @Param(FileServerPipe) path: FileServerPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<FileServerView> {
    return this.answer(path, await this.places.get<FileServer>(fileServerPlace(path)), urls, response);
  }

  @Patch(':fileServer')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a file server',
    description: 'A JSON merge patch of title and labels: what is absent stays, null takes away.',
    body: FileServerChangeDto,
    examples: FILE_SERVER_CHANGE_EXAMPLES,
    answers: { 200: FileServerView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async change(
    @Param(FileServerPipe) path: FileServerPath,
    @Body() change: FileServerChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<FileServerView> {
    const changed = await this.places.change<FileServer>(fileServerPlace(path), change, ifMatch);
    return this.answer(path, changed, urls, response);
  }

  @Delete(':fileServer')
  @ApiHeader(IF_MATCH)
  @HttpCode(204)
  @Route({
    summary: 'Delete a file server',
    description: 'What is on it stays. 409 `FileServerInUse` while clusters name it.',
    answers: { 204: 'It is gone.' },
    problems: [409, 412],
  })
  async delete(
    @Param(FileServerPipe) path: FileServerPath,
    @IfMatch() ifMatch: TagCondition | undefined,
  ): Promise<void> {
    await this.fileServers.delete(path, ifMatch);
  }

  private created(
    path: WorkspacePath,
    { place, created }: CreatedPlace<FileServer>,
    urls: Urls,
    response: HttpResponse,
  ): FileServerView {
    const view = this.answer(path, place, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  private answer(
    path: WorkspacePath,
    place: StoredPlace<FileServer>,
    urls: Urls,
    response: HttpResponse,
  ): FileServerView {
    setEtag(response, tagOf(place));
    return mapFileServer(path, place, urls);
  }
}
