import { Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { ACTION } from '../http/action-path';
import { etagOf, IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { ApplicationPath, ApplicationPipe, VERSION_PATHS, VersionPath, VersionPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { mapVersion, VersionList, VersionView } from './dto';
import { type FoundVersion, type Upload, VersionsService } from './versions.service';

@ApiTags('applications')
@Controller(VERSION_PATHS)
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  @Get()
  @Route({ summary: 'List the versions of an application, by name', answers: { 200: VersionList }, problems: [404] })
  async list(
    @Param(ApplicationPipe) path: ApplicationPath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<VersionList> {
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { rows, nextPageToken, application } = await this.versions.list(path, page);
    const value = rows.map((row) => mapVersion(path, row, application.defaultVersion, urls));
    return { value, ...urls.next(nextPageToken) };
  }

  @Put(':version')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create a version, or get it, with a link to upload its package to',
    description:
      'Takes no body. Upload a zip archive to `uploadUrl`, then activate the version. While it is pending, the same again gives another link; an active one has none.',
    answers: { 201: VersionView, 200: VersionView },
    tagged: true,
    problems: [404, 409, 412, 501, 502],
  })
  async put(
    @Param(VersionPipe) path: VersionPath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<VersionView> {
    const { created, upload, ...found } = await this.versions.create(path, ifMatch);
    const view = this.answer(path, found, urls, response, upload);
    // It holds a secret.
    response.setHeader('Cache-Control', 'no-store');
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }

  @Get(':version')
  @Route({ summary: 'Get a version of an application', answers: { 200: VersionView }, tagged: true, problems: [404] })
  async get(
    @Param(VersionPipe) path: VersionPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<VersionView> {
    return this.answer(path, await this.versions.get(path), urls, response);
  }

  @Post(`:version/${ACTION}activate`)
  @ApiHeader(IF_MATCH)
  @HttpCode(200)
  @Route({
    summary: 'Activate a version whose package was uploaded',
    description: 'It never changes from then on. 409 `PackageNotUploaded` or `PackageInvalid`.',
    answers: { 200: VersionView },
    tagged: true,
    problems: [404, 409, 412, 501, 502],
  })
  async activate(
    @Param(VersionPipe) path: VersionPath,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<VersionView> {
    return this.answer(path, await this.versions.activate(path, ifMatch), urls, response);
  }

  @Delete(':version')
  @ApiHeader(IF_MATCH)
  @HttpCode(204)
  @Route({
    summary: 'Delete a version of an application',
    description:
      'Nodes that have it keep it; tasks that name it cannot start on others. 409 `VersionIsDefault`, and `ApplicationInUse` while pools have it in their set-up.',
    answers: { 204: 'It is gone.' },
    problems: [409, 412, 501, 502],
  })
  async delete(@Param(VersionPipe) path: VersionPath, @IfMatch() ifMatch: TagCondition | undefined): Promise<void> {
    await this.versions.delete(path, ifMatch);
  }

  private answer(
    path: VersionPath,
    { stored, application }: FoundVersion,
    urls: Urls,
    response: HttpResponse,
    upload?: Upload,
  ): VersionView {
    setEtag(response, etagOf(stored.etag));
    return mapVersion(path, stored, application.defaultVersion, urls, upload);
  }
}
