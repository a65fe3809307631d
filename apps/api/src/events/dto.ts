import { ApiProperty } from '@nestjs/swagger';
import { JOB_STATES, type JobState } from '@windrow/contract';
import { JobErrorView, NodesView, ProgressView, WaitingView } from '../jobs/dto/job.view';
import { type JobMessage, type JobStateData, MESSAGE_CODES } from './job-changes';

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

/** Data of the event `state`. */
export class JobStateEvent implements JobStateData {
  @ApiProperty({ type: 'string', enum: JOB_STATES, example: 'running' }) state!: JobState;
  @ApiProperty({ example: 'running' }) phase!: string;
  @ApiProperty({ type: WaitingView, nullable: true }) waiting!: WaitingView | null;
  @ApiProperty({ type: JobErrorView, nullable: true }) error!: JobErrorView | null;
  @ApiProperty({ type: NodesView, nullable: true }) nodes!: NodesView | null;
  @ApiProperty({ type: ProgressView, nullable: true }) progress!: ProgressView | null;
  @ApiProperty(TIME) updatedTime!: string;
}

/** Data of the event `message`. */
export class JobMessageEvent implements JobMessage {
  @ApiProperty({ type: 'string', enum: MESSAGE_CODES, example: 'phase' }) code!: JobMessage['code'];
  @ApiProperty({ example: 'The job is running; it was provisioning.' }) text!: string;
  @ApiProperty(TIME) time!: string;
}
