import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { FinishedTasks } from './finished-tasks';
import { LedgerReader } from './ledger-reader';
import { RunningTasks } from './running-tasks';
import { TaskFilesController } from './task-files.controller';
import { TaskFilesService } from './task-files.service';
import { TasksController } from './tasks.controller';
import { TasksService } from './tasks.service';

@Module({
  imports: [JobsModule],
  controllers: [TasksController, TaskFilesController],
  providers: [TasksService, FinishedTasks, RunningTasks, LedgerReader, TaskFilesService],
})
export class TasksModule {}
