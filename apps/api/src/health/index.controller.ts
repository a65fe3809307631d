import { Controller, Get } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { DEFAULT_EXPERIMENT } from '@windrow/contract';
import { AccessSettings } from '../access/access-settings';
import { Access } from '../access/route-access';
import { Route } from '../docs/decorators';
import { RequestUrls, type Urls } from '../http/urls';
import { ApiSettings } from '../settings';

export class IndexLinks {
  @ApiProperty({ description: 'Who you are.' }) me!: string;
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
  @ApiProperty({ description: 'False: nobody is asked who they are.', example: true }) authentication!: boolean;
  @ApiProperty({ type: IndexLinks }) links!: IndexLinks;
}

@Access('caller')
@ApiTags('health')
@Controller('v1')
export class IndexController {
  constructor(
    private readonly settings: ApiSettings,
    private readonly access: AccessSettings,
  ) {}

  @Get()
  @Route({ summary: 'Where to begin', answers: { 200: IndexView } })
  index(@RequestUrls() urls: Urls): IndexView {
    const { authenticates: authentication } = this.access;
    const links = {
      me: urls.root('/v1/me'),
      jobs: urls.root('/v1/jobs'),
      clusters: urls.root('/v1/clusters'),
      docs: urls.root('/docs'),
      openapi: urls.root('/docs-json'),
      health: urls.root('/health/ready'),
    };
    const { workspace } = this.settings;
    return { service: 'Windrow', workspace, experiment: DEFAULT_EXPERIMENT, authentication, links };
  }
}
