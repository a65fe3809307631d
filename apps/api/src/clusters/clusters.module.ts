import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { ClustersController } from './clusters.controller';
import { ClustersService } from './clusters.service';

@Module({ imports: [JobsModule], controllers: [ClustersController], providers: [ClustersService] })
export class ClustersModule {}
