import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { InvalidRequestError } from '../../common/errors';
import { Route } from '../../docs/decorators';
import type { HttpResponse } from '../../http/exchange';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../../http/page-query';
import { RequestUrls, type Urls } from '../../http/urls';
import { Caller, type Principal, type Role, ROLES } from '../principal';
import { Access } from '../route-access';
import { ApiKeysService } from './api-keys.service';
import { API_KEY_EXAMPLES, ApiKeyDto, ApiKeyList, ApiKeyView, KEY_ID, NewApiKeyView } from './dto';
import { mapKey } from './view';

const PATH = '/v1/apiKeys';

@ApiTags('access')
@Access('administrator')
@Controller('v1/apiKeys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Route({ summary: 'List all API keys', answers: { 200: ApiKeyList } })
  async list(@Query() query: PageQuery, @RequestUrls() urls: Urls): Promise<ApiKeyList> {
    const { keys, nextPageToken } = await this.keys.list({ pageSize: DEFAULT_PAGE_SIZE, ...query });
    return { value: keys.map((key) => mapKey(key, urls, PATH)), ...urls.next(nextPageToken) };
  }

  @Post()
  @Route({
    summary: 'Make an API key',
    description:
      'The answer holds the key, which is shown only this once: where the answer is lost, delete the key and make another. So there is no `Idempotency-Key` here.',
    body: ApiKeyDto,
    examples: API_KEY_EXAMPLES,
    answers: { 201: NewApiKeyView },
  })
  async create(
    @Body() { displayName, expiresTime, administrator = false, roles = {} }: ApiKeyDto,
    @Caller() caller: Principal,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<NewApiKeyView> {
    checkGrants(administrator, roles);
    const [only, ...more] = Object.keys(roles);
    const made = await this.keys.create(
      {
        displayName,
        administrator,
        roles,
        ...(expiresTime !== undefined && { expiresTime }),
        ...(!administrator && only !== undefined && more.length === 0 && { workspace: only }),
      },
      caller,
    );
    response.setHeader('Cache-Control', 'no-store');
    const view = mapKey(made, urls, PATH);
    response.setHeader('Location', view.url);
    return { ...view, key: made.key };
  }

  @Get(':key')
  @ApiParam(KEY_ID)
  @Route({ summary: 'Get an API key, without its secret', answers: { 200: ApiKeyView }, problems: [404] })
  async get(@Param('key') id: string, @RequestUrls() urls: Urls): Promise<ApiKeyView> {
    return mapKey(await this.keys.get(id), urls, PATH);
  }

  @Delete(':key')
  @HttpCode(204)
  @ApiParam(KEY_ID)
  @Route({ summary: 'Revoke an API key', answers: { 204: 'It is revoked.' }, problems: [404] })
  async delete(@Param('key') id: string): Promise<void> {
    await this.keys.delete(id);
  }
}

function checkGrants(administrator: boolean, roles: Record<string, string>): asserts roles is Record<string, Role> {
  const wrong = Object.keys(roles).find((workspace) => !(ROLES as readonly string[]).includes(roles[workspace] ?? ''));
  if (wrong !== undefined) {
    const message = `must be one of ${ROLES.join(', ')}`;
    throw new InvalidRequestError([{ path: `$.roles.${wrong}`, code: 'InvalidValue', message }]);
  }
  if (administrator === Object.keys(roles).length > 0) {
    const message = administrator
      ? 'must be left out: an administrator has every role already'
      : 'must name a workspace at least, unless the key is an administrator';
    throw new InvalidRequestError([{ path: '$.roles', code: 'InvalidValue', message }]);
  }
}
