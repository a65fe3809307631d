import { Controller, Get } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { DEFAULT_EXPERIMENT } from '@windrow/contract';
import { Route } from '../docs/decorators';
import { RequestUrls, type Urls } from '../http/urls';
import { ApiSettings } from '../settings';

export class IndexLinks {
  @ApiProperty() jobs!: string;
  @ApiProperty() clusters!: string;
  @ApiProperty({ description: 'Description for people.' }) docs!: string;
  @ApiProperty({ description: 'The same for programs.' }) openapi!: string;
  @ApiProperty() health!: string;
}

export class IndexView {
  @ApiProperty({ example: 'Windrow' }) service!: string;
  @ApiProperty({ description: 'Workspace behind the flat paths.', example: 'migrated-local' }) workspace!: string;
  @ApiProperty({ description: 'Experiment behind the flat paths.', example: 'migrated' }) experiment!: string;
  @ApiProperty({ type: IndexLinks }) links!: IndexLinks;
}

@ApiTags('health')
@Controller('v1')
export class IndexController {
  constructor(private readonly settings: ApiSettings) {}

  @Get()
  @Route({ summary: 'Where to begin', answers: { 200: IndexView } })
  index(@RequestUrls() urls: Urls): IndexView {
    const links = {
      jobs: urls.root('/v1/jobs'),
      clusters: urls.root('/v1/clusters'),
      docs: urls.root('/docs'),
      openapi: urls.root('/docs-json'),
      health: urls.root('/health/ready'),
    };
    return { service: 'Windrow', workspace: this.settings.workspace, experiment: DEFAULT_EXPERIMENT, links };
  }
}
