import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Route } from '../../docs/decorators';
import type { HttpResponse } from '../../http/exchange';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../../http/page-query';
import { WorkspacePath, WorkspacePipe } from '../../http/paths';
import { RequestUrls, type Urls } from '../../http/urls';
import { Caller, type Principal } from '../principal';
import { Access } from '../route-access';
import { ApiKeysService } from './api-keys.service';
import { ApiKeyList, ApiKeyView, KEY_ID, NewApiKeyView, WORKSPACE_KEY_EXAMPLES, WorkspaceKeyDto } from './dto';
import { mapKey } from './view';

/** Keys with a role in one workspace, in the hands of its owners. No role is above theirs. */
@ApiTags('access')
@Access('owner')
@Controller('v1/workspaces/:workspace/apiKeys')
export class WorkspaceKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Route({
    summary: 'List the API keys of a workspace',
    description: 'Those that give a role in it and nothing else; others are for administrators to see.',
    answers: { 200: ApiKeyList },
    problems: [404],
  })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ApiKeyList> {
    const { keys, nextPageToken } = await this.keys.list({ pageSize: DEFAULT_PAGE_SIZE, ...query }, workspace);
    return { value: keys.map((key) => mapKey(key, urls, pathOf(workspace))), ...urls.next(nextPageToken) };
  }

  @Post()
  @Route({
    summary: 'Make an API key of a workspace',
    description:
      'The answer holds the key, which is shown only this once: where the answer is lost, delete the key and make another. So there is no `Idempotency-Key` here.',
    body: WorkspaceKeyDto,
    examples: WORKSPACE_KEY_EXAMPLES,
    answers: { 201: NewApiKeyView },
    problems: [404],
  })
  async create(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Body() { role, ...rest }: WorkspaceKeyDto,
    @Caller() caller: Principal,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<NewApiKeyView> {
    const wanted = { ...rest, administrator: false, roles: { [workspace]: role }, workspace };
    const made = await this.keys.create(wanted, caller);
    response.setHeader('Cache-Control', 'no-store');
    const view = mapKey(made, urls, pathOf(workspace));
    response.setHeader('Location', view.url);
    return { ...view, key: made.key };
  }

  @Get(':key')
  @ApiParam(KEY_ID)
  @Route({ summary: 'Get an API key of a workspace', answers: { 200: ApiKeyView }, problems: [404] })
  async get(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Param('key') id: string,
    @RequestUrls() urls: Urls,
  ): Promise<ApiKeyView> {
    return mapKey(await this.keys.get(id, workspace), urls, pathOf(workspace));
  }

  @Delete(':key')
  @HttpCode(204)
  @ApiParam(KEY_ID)
  @Route({ summary: 'Revoke an API key of a workspace', answers: { 204: 'It is revoked.' }, problems: [404] })
  async delete(@Param(WorkspacePipe) { workspace }: WorkspacePath, @Param('key') id: string): Promise<void> {
    await this.keys.delete(id, workspace);
  }
}

function pathOf(workspace: string): string {
  return `/v1/workspaces/${workspace}/apiKeys`;
}
