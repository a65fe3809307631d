import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { EventsController } from './events.controller';
import { JobFeeds } from './job-feeds';

@Module({ imports: [JobsModule], controllers: [EventsController], providers: [JobFeeds] })
export class EventsModule {}
