import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { IndexController } from './index.controller';

@Module({ controllers: [HealthController, IndexController], providers: [HealthService] })
export class HealthModule {}
