import { Module } from '@nestjs/common';
import { DryRunService } from './dry-run.service';
import { JobAdmissions } from './job-admissions';
import { JobChecks } from './job-checks';
import { JobCreator } from './job-creator';
import { JobReader } from './job-reader';
import { JobRecords } from './job-records';
import { JobsController } from './jobs.controller';
import { JobsService } from './jobs.service';
import { RedriveService } from './redrive.service';
import { TaskChecks } from './task-checks';

@Module({
  controllers: [JobsController],
  providers: [
    JobsService,
    JobCreator,
    JobReader,
    JobRecords,
    JobAdmissions,
    JobChecks,
    TaskChecks,
    DryRunService,
    RedriveService,
  ],
  exports: [JobReader, JobChecks],
})
export class JobsModule {}
