import { Controller, Get, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../access/route-access';
import { Route } from '../docs/decorators';
import type { HttpResponse } from '../http/exchange';
import { ApiMetrics } from './api-metrics';

@Access('administrator')
@ApiTags('health')
@Controller('metrics')
export class MonitoringController {
  constructor(private readonly metrics: ApiMetrics) {}

  @Get()
  @ApiResponse({
    status: 200,
    description: "Prometheus' text format.",
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  @Route({
    summary: 'Metrics of this process, for Prometheus',
    description:
      'Each replica has its own. Where callers are authenticated, Prometheus sends a key of an administrator.',
    answers: {},
  })
  async read(@Res() response: HttpResponse): Promise<void> {
    const { type, text } = await this.metrics.text();
    response.setHeader('Content-Type', type);
    response.status(200).end(text);
  }
}
