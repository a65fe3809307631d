import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { WEBHOOK_PATHS, WebhookPath, WebhookPipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import {
  DeliveryList,
  mapWebhook,
  TestView,
  WEBHOOK_CHANGE_EXAMPLES,
  WEBHOOK_EXAMPLES,
  WebhookChangeDto,
  WebhookDto,
  WebhookList,
  WebhookView,
} from './dto';
import { type NamedWebhook, tagOf, WebhooksService } from './webhooks.service';

@ApiTags('webhooks')
@Controller(WEBHOOK_PATHS)
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Route({ summary: 'List the webhooks of a workspace, by name', answers: { 200: WebhookList } })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<WebhookList> {
    const { rows, nextPageToken } = await this.webhooks.list(workspace, { pageSize: DEFAULT_PAGE_SIZE, ...query });
    return { value: rows.map((row) => mapWebhook(workspace, row, urls)), ...urls.next(nextPageToken) };
  }

  @Put(':webhook')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Create a webhook by name, or get it',
    description:
      'Only the answer that creates it has the `secret`. The same body again answers 200, another body 409 `WebhookExists`. Deliveries follow the Standard Webhooks specification.',
    body: WebhookDto,
    examples: WEBHOOK_EXAMPLES,
    answers: { 201: WebhookView, 200: WebhookView },
    tagged: true,
    problems: [404, 409, 412, 422],
  })
  async put(
    @Param(WebhookPipe) path: WebhookPath,
    @Body() spec: WebhookDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WebhookView> {
    const { webhook, created } = await this.webhooks.create(path.workspace, path.webhook, spec, ifMatch);
    response.status(created ? 201 : 200);
    response.setHeader('Location', `${urls.workspace(path.workspace)}/webhooks/${path.webhook}`);
    return answer(path, webhook, urls, response);
  }

  @Get(':webhook')
  @Route({ summary: 'Get a webhook', answers: { 200: WebhookView }, tagged: true, problems: [404] })
  async get(
    @Param(WebhookPipe) path: WebhookPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WebhookView> {
    return answer(path, await this.webhooks.get(path.workspace, path.webhook), urls, response);
  }

  @Patch(':webhook')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a webhook',
    description: 'A JSON merge patch: what is absent stays, null takes away.',
    body: WebhookChangeDto,
    examples: WEBHOOK_CHANGE_EXAMPLES,
    answers: { 200: WebhookView },
    tagged: true,
    problems: [404, 412, 422],
  })
  async change(
    @Param(WebhookPipe) path: WebhookPath,
    @Body() change: WebhookChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WebhookView> {
    const webhook = await this.webhooks.change(path.workspace, path.webhook, change, ifMatch);
    return answer(path, webhook, urls, response);
  }

  @Delete(':webhook')
  @HttpCode(204)
  @ApiHeader(IF_MATCH)
  @Route({ summary: 'Delete a webhook', answers: { 204: 'There is none any more.' }, problems: [412] })
  async delete(@Param(WebhookPipe) path: WebhookPath, @IfMatch() ifMatch: TagCondition | undefined): Promise<void> {
    await this.webhooks.delete(path.workspace, path.webhook, ifMatch);
  }

  @Post(':webhook/~rotate')
  @HttpCode(200)
  @Route({
    summary: 'Give a webhook a new secret',
    description: 'The answer has it. For 24 hours deliveries are signed with the one before, too.',
    answers: { 200: WebhookView },
    tagged: true,
    problems: [404, 422],
  })
  async rotate(
    @Param(WebhookPipe) path: WebhookPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<WebhookView> {
    return answer(path, await this.webhooks.rotate(path.workspace, path.webhook), urls, response);
  }

  @Post(':webhook/~test')
  @HttpCode(202)
  @Route({
    summary: 'Send a test event',
    description: 'Of type `webhook.test`, to this webhook alone. How it went is in its deliveries.',
    answers: { 202: TestView },
    problems: [404, 409],
  })
  async test(@Param(WebhookPipe) { workspace, webhook }: WebhookPath): Promise<TestView> {
    return { event: await this.webhooks.test(workspace, webhook) };
  }

  @Get(':webhook/deliveries')
  @Route({
    summary: 'List the latest deliveries of a webhook, newest first',
    description: 'The last hundred, with their attempts.',
    answers: { 200: DeliveryList },
    problems: [404],
  })
  async deliveries(
    @Param(WebhookPipe) { workspace, webhook }: WebhookPath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<DeliveryList> {
    const page = { pageSize: DEFAULT_PAGE_SIZE, ...query };
    const { rows, nextPageToken } = await this.webhooks.deliveries(workspace, webhook, page);
    return { value: rows.map(({ value }) => value), ...urls.next(nextPageToken) };
  }
}

function answer({ workspace }: WebhookPath, webhook: NamedWebhook, urls: Urls, response: HttpResponse): WebhookView {
  setEtag(response, tagOf(webhook));
  return mapWebhook(workspace, webhook, urls);
}
