import { Controller, Get } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { AccessSettings } from '../access/access-settings';
import { Access } from '../access/route-access';
import { Route } from '../docs/decorators';
import { HealthService } from './health.service';

export class LiveView {
  @ApiProperty({ example: 'live' }) status!: string;
}

export class ReadyView {
  @ApiProperty({ example: 'ready' }) status!: string;
  @ApiProperty({ description: 'False: nobody is asked who they are.', example: true }) authentication!: boolean;
  @ApiProperty({ description: 'What answered.', example: ['Temporal', 'Azure Batch'] }) dependencies!: string[];
}

@Access('open')
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly access: AccessSettings,
  ) {}

  @Get('live')
  @Route({ summary: 'Whether this process answers', answers: { 200: LiveView } })
  live(): LiveView {
    return { status: 'live' };
  }

  @Get('ready')
  @Route({
    summary: 'Whether everything this service needs answers',
    description: '503 names what does not, in `missing`.',
    answers: { 200: ReadyView },
  })
  async ready(): Promise<ReadyView> {
    const dependencies = await this.health.ready();
    return { status: 'ready', authentication: this.access.authenticates, dependencies };
  }
}
