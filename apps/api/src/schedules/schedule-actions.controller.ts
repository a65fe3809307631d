import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { ACTION } from '../http/action-path';
import { SCHEDULE_PATHS, SchedulePath, SchedulePipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { BackfillDto, SchedulePauseDto, TriggerDto } from './dto';
import { BACKFILL_EXAMPLES, PAUSE_EXAMPLES, TRIGGER_EXAMPLES } from './examples';
import { ScheduleActions } from './schedule-actions';
import { SchedulesService } from './schedules.service';
import { mapSchedule, ScheduleBackfilled, ScheduleTriggered, ScheduleView } from './view';

@ApiTags('schedules')
@Controller(SCHEDULE_PATHS)
export class ScheduleActionsController {
  constructor(
    private readonly actions: ScheduleActions,
    private readonly schedules: SchedulesService,
  ) {}

  @Post(`:schedule/${ACTION}pause`)
  @HttpCode(200)
  @Route({
    summary: 'Pause a schedule',
    description: 'It starts nothing until it is resumed; what runs goes on. Asking again is no mistake.',
    body: SchedulePauseDto,
    bodyRequired: false,
    examples: PAUSE_EXAMPLES,
    answers: { 200: ScheduleView },
    problems: [404, 409],
  })
  async pause(
    @Param(SchedulePipe) path: SchedulePath,
    @Body() { note }: SchedulePauseDto,
    @RequestUrls() urls: Urls,
  ): Promise<ScheduleView> {
    await this.actions.pause(path, note);
    return this.view(path, urls);
  }

  @Post(`:schedule/${ACTION}resume`)
  @HttpCode(200)
  @Route({
    summary: 'Resume a schedule',
    description: 'Times that came while it was paused are not made up for; see `:backfill`.',
    body: SchedulePauseDto,
    bodyRequired: false,
    examples: PAUSE_EXAMPLES,
    answers: { 200: ScheduleView },
    problems: [404, 409],
  })
  async resume(
    @Param(SchedulePipe) path: SchedulePath,
    @Body() { note }: SchedulePauseDto,
    @RequestUrls() urls: Urls,
  ): Promise<ScheduleView> {
    await this.actions.resume(path, note);
    return this.view(path, urls);
  }

  @Post(`:schedule/${ACTION}trigger`)
  @HttpCode(202)
  @Route({
    summary: 'Run a schedule once, now',
    description: 'Also while it is paused. Of blobs: looks for them now.',
    body: TriggerDto,
    bodyRequired: false,
    examples: TRIGGER_EXAMPLES,
    answers: { 202: ScheduleTriggered },
    problems: [404, 409],
  })
  async trigger(@Param(SchedulePipe) path: SchedulePath, @Body() body: TriggerDto): Promise<ScheduleTriggered> {
    return this.actions.trigger(path, body);
  }

  @Post(`:schedule/${ACTION}backfill`)
  @HttpCode(202)
  @Route({
    summary: 'Run the times that lie in a range',
    description: 'Each time has one job, whoever asks for it: those that have run are left as they are.',
    body: BackfillDto,
    examples: BACKFILL_EXAMPLES,
    answers: { 202: ScheduleBackfilled },
    problems: [404, 409, 422],
  })
  async backfill(@Param(SchedulePipe) path: SchedulePath, @Body() body: BackfillDto): Promise<ScheduleBackfilled> {
    return this.actions.backfill(path, body);
  }

  private async view(path: SchedulePath, urls: Urls): Promise<ScheduleView> {
    const { stored, details } = await this.schedules.get(path);
    return mapSchedule(path, stored.value, urls, details);
  }
}
