import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { OutputsController } from './outputs.controller';
import { OutputsService } from './outputs.service';

@Module({ imports: [JobsModule], controllers: [OutputsController], providers: [OutputsService] })
export class OutputsModule {}
