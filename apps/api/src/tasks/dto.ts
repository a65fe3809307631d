import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type FailureCategory,
  type JobKey,
  type Json,
  type LedgerEntry,
  TASK_STATES,
  type TaskState,
} from '@windrow/contract';
import type { LiveTask } from '../batch/batch-reader';
import { Choice, Int } from '../common/validation/fields';
import { PageQuery } from '../http/page-query';
import type { Urls } from '../http/urls';
import { PlannedTaskView } from '../jobs/dto/plan.view';
import type { TaskItem, TaskPage } from './task-item';
import type { TaskDetail } from './tasks.service';

export class TaskListQuery extends PageQuery {
  @Choice({ description: 'Only tasks in this state.', example: 'failed' }, TASK_STATES)
  state?: TaskState;
}

export class AttemptQuery {
  @Int({ description: 'Attempt of the task, from 1 (default: the latest).', example: 1 }, 1)
  attempt?: number;
}

export class FileQuery extends AttemptQuery {
  @Int({ description: 'First byte.', example: 0 }, 0)
  offset?: number;

  @Int({ description: 'Bytes at most (default: all that follow).', example: 65_536 }, 1)
  count?: number;
}

export class TaskView implements TaskItem {
  @ApiProperty({ example: 17 }) index!: number;
  @ApiProperty({ type: 'string', enum: TASK_STATES, example: 'failed' }) state!: TaskState;
  @ApiProperty({ description: 'Attempts begun so far.', example: 1 }) attempts!: number;
  @ApiPropertyOptional({ example: 2 }) exitCode?: number;
  @ApiPropertyOptional({ type: 'string', example: 'exitCode' }) category?: FailureCategory;
  @ApiPropertyOptional({ description: "Batch's code.", example: 'FailureExitCode' }) code?: string;
  @ApiPropertyOptional() message?: string;
  @ApiPropertyOptional({ description: 'Last part of stderr.' }) stderrTail?: string;
  @ApiPropertyOptional({ format: 'date-time' }) startTime?: string;
  @ApiPropertyOptional({ format: 'date-time' }) endTime?: string;
  @ApiPropertyOptional() node?: string;
  @ApiProperty({ description: "Prefix of its outputs in the workspace's container." }) outputs!: string;
  @ApiPropertyOptional({ description: 'Of a finished job: content of its `resultFile`.', example: { score: 0.93 } })
  result?: Json;
  @ApiPropertyOptional({ description: 'Why there is no result: missing, too large, or not JSON.' })
  resultOmitted?: string;
  @ApiProperty() url!: string;
}

export class TaskList {
  @ApiProperty({ type: [TaskView] }) value!: TaskView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class AttemptView implements LedgerEntry {
  @ApiProperty({ example: 17 }) task!: number;
  @ApiProperty({ example: 1 }) attempt!: number;
  @ApiProperty({ enum: ['succeeded', 'failed'], example: 'failed' }) outcome!: LedgerEntry['outcome'];
  @ApiPropertyOptional({ example: 2 }) exitCode?: number;
  @ApiPropertyOptional({ type: 'string', example: 'exitCode' }) category?: FailureCategory;
  @ApiPropertyOptional({ example: 'FailureExitCode' }) code?: string;
  @ApiPropertyOptional() message?: string;
  @ApiPropertyOptional() stderrTail?: string;
  @ApiPropertyOptional({ format: 'date-time' }) startTime?: string;
  @ApiPropertyOptional({ format: 'date-time' }) endTime?: string;
  @ApiPropertyOptional() node?: string;
  @ApiProperty({ description: 'Retries by Batch within the attempt.', example: 0 }) batchRetries!: number;
}

export class LiveTaskView implements LiveTask {
  @ApiProperty({ example: 17 }) index!: number;
  @ApiProperty({ description: 'Attempt, from 1.', example: 1 }) wave!: number;
  @ApiProperty({ enum: ['active', 'running', 'succeeded', 'failed'], example: 'running' }) state!: LiveTask['state'];
  @ApiPropertyOptional() exitCode?: number;
  @ApiPropertyOptional() code?: string;
  @ApiPropertyOptional() message?: string;
  @ApiPropertyOptional({ format: 'date-time' }) startTime?: string;
  @ApiPropertyOptional({ format: 'date-time' }) endTime?: string;
  @ApiPropertyOptional() node?: string;
  @ApiProperty({ description: 'Retries by Batch within the attempt.', example: 0 }) retries!: number;
}

export class TaskLinks {
  @ApiProperty() files!: string;
  @ApiProperty() stdout!: string;
  @ApiProperty() stderr!: string;
}

export class TaskDetailView extends TaskView {
  @ApiProperty({ description: 'As the plan has it.', type: PlannedTaskView }) planned!: PlannedTaskView;
  @ApiProperty({ description: 'Attempts that have ended.', type: [AttemptView] }) history!: AttemptView[];
  @ApiPropertyOptional({ description: 'As Batch has it, while the job is not over.', type: LiveTaskView })
  batch?: LiveTaskView;
  @ApiProperty({ type: TaskLinks }) links!: TaskLinks;
}

export class FileView {
  @ApiProperty({ example: 'stdout.txt' }) path!: string;
  @ApiProperty({ example: 512 }) bytes!: number;
  @ApiPropertyOptional({ format: 'date-time' }) lastModified?: string;
  @ApiProperty({ description: 'Where it lies now.', enum: ['node', 'storage'], example: 'node' }) source!:
    'node' | 'storage';
  @ApiProperty() url!: string;
}

export class FileList {
  @ApiPropertyOptional({ description: 'Attempt whose files these are.', example: 1 }) attempt?: number;
  @ApiProperty({ type: [FileView] }) value!: FileView[];
}

export function mapTasks(key: JobKey, { tasks, nextPageToken }: TaskPage, urls: Urls): TaskList {
  return { value: tasks.map((task) => mapTask(key, task, urls)), ...urls.next(nextPageToken) };
}

export function mapTask(key: JobKey, task: TaskItem, urls: Urls): TaskView {
  return { ...task, url: urls.task(key, task.index) };
}

export function mapDetail(key: JobKey, { task, planned, attempts, live }: TaskDetail, urls: Urls): TaskDetailView {
  const url = urls.task(key, task.index);
  return {
    ...mapTask(key, task, urls),
    planned,
    history: attempts,
    ...(live ? { batch: live } : {}),
    links: { files: `${url}/files`, stdout: `${url}/files/stdout.txt`, stderr: `${url}/files/stderr.txt` },
  };
}
