import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type Principal } from '../access/principal';
import { Route } from '../docs/decorators';
import type { HttpRequest, HttpResponse } from '../http/exchange';
import { JOB_PATHS, JobPath, JobPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { JobView, mapJob, TaskCountsView } from '../jobs/dto/job.view';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { JobMessageEvent, JobStateEvent } from './dto';
import { parseId } from './event-id';
import { JobFeeds } from './job-feeds';

const DATA = { state: JobStateEvent, counts: TaskCountsView, message: JobMessageEvent, end: JobView };
/** One event; OpenAPI of this version has no other words for what stands within its `data`. */
const EVENT = {
  type: 'object',
  required: ['event', 'data', 'id'],
  properties: {
    id: { type: 'string', description: 'For `Last-Event-ID`.' },
    event: { type: 'string', enum: Object.keys(DATA) },
    data: {
      type: 'string',
      format: 'json',
      description: Object.entries(DATA)
        .map(([event, type]) => `\`${event}\`: ${type.name}`)
        .join(', '),
    },
  },
};

@ApiTags('jobs')
@Controller(JOB_PATHS)
export class EventsController {
  constructor(
    private readonly feeds: JobFeeds,
    private readonly workflows: WorkflowGateway,
  ) {}

  @Get(':job/events')
  @ApiExtraModels(...Object.values(DATA))
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Id of the last event seen; sent by browsers.' })
  @ApiResponse({
    status: 200,
    description:
      'Data by the name of the event: `state` JobStateEvent, `counts` TaskCountsView, `message` JobMessageEvent, `end` JobView.',
    content: { 'text/event-stream': { schema: EVENT } },
  })
  @Route({
    summary: 'Follow a job by server-sent events',
    description:
      'First how the job stands, then what changes; `end` with the whole job is the last. With `Last-Event-ID` only what is different since. A client that reads too slowly misses what lies between, never the present state. Streams end after 15 minutes at the latest, and are to be resumed.',
    answers: { 204: 'The job has ended, and `Last-Event-ID` says that this is known.' },
    problems: [404, 429],
  })
  async events(
    @Param(JobPipe) key: JobPath,
    @Caller() { id: principal }: Principal,
    @RequestUrls() urls: Urls,
    @Req() request: HttpRequest,
    @Res() response: HttpResponse,
  ): Promise<void> {
    if (request.method === 'HEAD') return void response.setHeader('Content-Type', 'text/event-stream').end();
    const header = request.headers['last-event-id'];
    const last = parseId(Array.isArray(header) ? header[0] : header);
    const pageOf = (workflowId: string) => this.workflows.pageOf(workflowId);
    const begun = await this.feeds.watch(key, {
      principal,
      last,
      response,
      render: (event) => (event.type === 'end' ? mapJob(event.data, urls, pageOf) : event.data),
    });
    if (!begun) response.status(204).end();
  }
}
