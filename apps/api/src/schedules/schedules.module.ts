import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { ScheduleActions } from './schedule-actions';
import { ScheduleActionsController } from './schedule-actions.controller';
import { ScheduleChecks } from './schedule-checks';
import { ScheduleRuns } from './schedule-runs';
import { SchedulesController } from './schedules.controller';
import { SchedulesService } from './schedules.service';

@Module({
  imports: [JobsModule],
  controllers: [SchedulesController, ScheduleActionsController],
  providers: [SchedulesService, ScheduleActions, ScheduleChecks, ScheduleRuns],
})
export class SchedulesModule {}
