import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { ClusterRow } from '@windrow/contract';
import { Route } from '../docs/decorators';
import { IF_MATCH, IfMatch, setEtag, type TagCondition } from '../http/etags';
import type { HttpResponse } from '../http/exchange';
import { IdempotencyKey } from '../http/idempotency-key';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../http/page-query';
import { CLUSTER_PATHS, ClusterPath, ClusterPipe, WorkspacePath, WorkspacePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import type { PageOf } from '../jobs/dto/job.view';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { ClustersService, type CreatedCluster, tagOf } from './clusters.service';
import {
  CLUSTER_CHANGE_EXAMPLES,
  CLUSTER_EXAMPLES,
  ClusterChangeDto,
  ClusterDto,
  ClusterList,
  ClusterView,
  mapCluster,
  RESIZE_EXAMPLES,
  ResizeDto,
} from './dto';

@ApiTags('clusters')
@Controller(CLUSTER_PATHS)
export class ClustersController {
  private readonly pageOf: PageOf;

  constructor(
    private readonly clusters: ClustersService,
    workflows: WorkflowGateway,
  ) {
    this.pageOf = (workflowId) => workflows.pageOf(workflowId);
  }

  @Get()
  @Route({ summary: 'List the clusters of a workspace, by name', answers: { 200: ClusterList } })
  async list(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Query() query: PageQuery,
    @RequestUrls() urls: Urls,
  ): Promise<ClusterList> {
    const { rows, nextPageToken } = await this.clusters.list(workspace, { pageSize: DEFAULT_PAGE_SIZE, ...query });
    return { value: rows.map((row) => mapCluster(row, urls, this.pageOf)), ...urls.next(nextPageToken) };
  }

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same cluster.' })
  @Route({
    summary: 'Create a cluster and name it',
    body: ClusterDto,
    examples: CLUSTER_EXAMPLES,
    answers: { 201: ClusterView, 200: ClusterView },
    tagged: true,
    problems: [409, 422],
  })
  async create(
    @Param(WorkspacePipe) { workspace }: WorkspacePath,
    @Body() spec: ClusterDto,
    @IdempotencyKey() key: string | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ClusterView> {
    return this.answer(await this.clusters.createUnnamed(workspace, spec, key), urls, response);
  }

  @Put(':cluster')
  @Route({
    summary: 'Create a cluster by name, or get it',
    description: 'The same body again answers 200, another body 409 `ClusterExists`.',
    body: ClusterDto,
    examples: CLUSTER_EXAMPLES,
    answers: { 201: ClusterView, 200: ClusterView },
    tagged: true,
    problems: [409, 422],
  })
  async put(
    @Param(ClusterPipe) path: ClusterPath,
    @Body() spec: ClusterDto,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ClusterView> {
    return this.answer(await this.clusters.createNamed(path, spec), urls, response);
  }

  @Get(':cluster')
  @Route({ summary: 'Get a cluster', answers: { 200: ClusterView }, tagged: true, problems: [404] })
  async get(
    @Param(ClusterPipe) path: ClusterPath,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ClusterView> {
    return this.tagged(await this.clusters.get(path), urls, response);
  }

  @Patch(':cluster')
  @ApiHeader(IF_MATCH)
  @Route({
    summary: 'Change a cluster',
    description: 'A JSON merge patch: what is absent stays, null takes away. Nodes that go finish their tasks first.',
    body: ClusterChangeDto,
    examples: CLUSTER_CHANGE_EXAMPLES,
    answers: { 200: ClusterView },
    tagged: true,
    problems: [404, 409, 412],
  })
  async change(
    @Param(ClusterPipe) path: ClusterPath,
    @Body() change: ClusterChangeDto,
    @IfMatch() ifMatch: TagCondition | undefined,
    @RequestUrls() urls: Urls,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ClusterView> {
    return this.tagged(await this.clusters.change(path, change, ifMatch), urls, response);
  }

  @Post(':cluster/~resize')
  @HttpCode(200)
  @Route({
    summary: 'Change how many nodes a cluster may have',
    description:
      'Nodes that go finish their tasks first. Of a cluster with an autoscale formula this changes how many slots jobs may lease; how many nodes there are is for the formula.',
    body: ResizeDto,
    examples: RESIZE_EXAMPLES,
    answers: { 200: ClusterView },
    problems: [404, 409],
  })
  async resize(
    @Param(ClusterPipe) path: ClusterPath,
    @Body() body: ResizeDto,
    @RequestUrls() urls: Urls,
  ): Promise<ClusterView> {
    return mapCluster(await this.clusters.resize(path, body), urls, this.pageOf);
  }

  @Delete(':cluster')
  @ApiHeader(IF_MATCH)
  @HttpCode(202)
  @Route({
    summary: 'Delete a cluster',
    description: '409 `ClusterRefused` while jobs hold it.',
    answers: { 202: 'It is being deleted.' },
    problems: [404, 409, 412],
  })
  async delete(@Param(ClusterPipe) path: ClusterPath, @IfMatch() ifMatch: TagCondition | undefined): Promise<void> {
    await this.clusters.delete(path, ifMatch);
  }

  private tagged(row: ClusterRow, urls: Urls, response: HttpResponse): ClusterView {
    setEtag(response, tagOf(row));
    return mapCluster(row, urls, this.pageOf);
  }

  private answer({ row, created }: CreatedCluster, urls: Urls, response: HttpResponse): ClusterView {
    const view = this.tagged(row, urls, response);
    response.status(created ? 201 : 200).setHeader('Location', view.url);
    return view;
  }
}
