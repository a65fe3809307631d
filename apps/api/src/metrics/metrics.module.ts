import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { ExperimentMetricsController } from './experiment-metrics.controller';
import { JobMetricsController } from './job-metrics.controller';
import { MetricsService } from './metrics.service';

@Module({
  imports: [JobsModule],
  controllers: [ExperimentMetricsController, JobMetricsController],
  providers: [MetricsService],
})
export class MetricsModule {}
