import { Injectable } from '@nestjs/common';
import { isoSeconds, type OverlapPolicy, scheduledJobName, type ScheduleKey, ScheduleTimes } from '@windrow/contract';
import { ConflictError, InvalidRequestError, UnprocessableError } from '../common/errors';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { SchedulesService } from './schedules.service';

/** Runs of one backfill: as many as Temporal keeps waiting. */
const MAX_BACKFILL = 1000;
/** Counted this far, for the message. */
const COUNTED = 100_000;

/** What is done with a schedule beside changing it. */
@Injectable()
export class ScheduleActions {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly workflows: WorkflowGateway,
  ) {}

  async pause(key: ScheduleKey, note = 'Paused.'): Promise<void> {
    await this.schedules.active(key);
    await this.workflows.schedules.pause(key, note);
  }

  async resume(key: ScheduleKey, note = 'Resumed.'): Promise<void> {
    await this.schedules.active(key);
    await this.workflows.schedules.resume(key, note);
  }

  /** Runs it once, paused or not. A time that has run before keeps its job. */
  async trigger(
    key: ScheduleKey,
    { time, overlap = 'allowAll' }: { time?: string; overlap?: OverlapPolicy },
  ): Promise<{ scheduledTime: string; job?: string }> {
    const { body } = await this.schedules.active(key);
    const at = time === undefined ? new Date() : new Date(time);
    const scheduledTime = isoSeconds(at);
    if (body.spec.blobArrival) {
      await this.workflows.schedules.trigger(key, at, 'skip');
      return { scheduledTime };
    }
    await this.workflows.schedules.trigger(key, at, overlap);
    return { scheduledTime, job: scheduledJobName(key.schedule, at) };
  }

  /** @throws InvalidRequestError; UnprocessableError when the range holds no time, or too many; ConflictError NoTimes */
  async backfill(
    key: ScheduleKey,
    { overlap = 'bufferAll', ...range }: { from: string; to: string; overlap?: OverlapPolicy },
  ): Promise<{ runs: number }> {
    const { body } = await this.schedules.active(key);
    if (body.spec.blobArrival) {
      throw new ConflictError(
        'NoTimes',
        `Schedule '${key.schedule}' goes by blobs, not by times. Set spec.start instead.`,
      );
    }
    const from = new Date(range.from);
    const to = new Date(range.to);
    if (to < from) throw invalid('$.to', `must not be before from (${range.from})`);
    if (to.getTime() > Date.now()) throw invalid('$.to', 'must not lie in the future: those times come by themselves');
    const runs = new ScheduleTimes(body.spec).within(from, to, COUNTED).length;
    if (runs === 0) throw unprocessable('NoTimes', 'the range holds no time of the schedule');
    if (runs > MAX_BACKFILL) {
      const count = runs === COUNTED ? `${COUNTED} or more` : String(runs);
      throw unprocessable(
        'TooManyRuns',
        `the range would make ${count} runs, and ${MAX_BACKFILL} are allowed; take a part of it`,
      );
    }
    await this.workflows.schedules.backfill(key, { from, to }, overlap);
    return { runs };
  }
}

function invalid(path: string, message: string): InvalidRequestError {
  return new InvalidRequestError([{ path, code: 'OutOfRange', message }]);
}

function unprocessable(code: string, message: string): UnprocessableError {
  return new UnprocessableError([{ path: '$.to', code, message }]);
}
