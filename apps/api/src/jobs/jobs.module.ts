import { Module } from '@nestjs/common';
import { BlobStore, JobRecords } from '@windrow/storage';
import { DryRunService } from './dry-run.service';
import { JobAdmissions } from './job-admissions';
import { JobChecks } from './job-checks';
import { JobCreator } from './job-creator';
import { JobReader } from './job-reader';
import { JobsController } from './jobs.controller';
import { JobsService } from './jobs.service';
import { RedriveService } from './redrive.service';
import { ApplicationChecks } from './application-checks';
import { TaskChecks } from './task-checks';

@Module({
  controllers: [JobsController],
  providers: [
    { provide: JobRecords, useFactory: (blobs: BlobStore) => new JobRecords(blobs), inject: [BlobStore] },
    JobsService,
    JobCreator,
    JobReader,
    JobAdmissions,
    JobChecks,
    TaskChecks,
    ApplicationChecks,
    DryRunService,
    RedriveService,
  ],
  exports: [JobReader, JobChecks],
})
export class JobsModule {}
