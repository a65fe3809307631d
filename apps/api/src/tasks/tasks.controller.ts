import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { JOB_PATHS, JobPath, JobPipe, TaskPath, TaskPipe } from '../http/paths';
import { RequestUrls, type Urls } from '../http/urls';
import { mapDetail, mapTasks, TaskDetailView, TaskList, TaskListQuery } from './dto';
import { TasksService } from './tasks.service';

@ApiTags('tasks')
@Controller(JOB_PATHS.map((path) => `${path}/:job/tasks`))
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @Route({
    summary: 'List the tasks of a job',
    description:
      'While the job runs this is no snapshot: a task may change its state between two pages. Pages of pending tasks ' +
      'may be short; go on as long as there is a `nextLink`.',
    answers: { 200: TaskList },
    problems: [404, 502],
  })
  async list(
    @Param(JobPipe) path: JobPath,
    @Query() query: TaskListQuery,
    @RequestUrls() urls: Urls,
  ): Promise<TaskList> {
    return mapTasks(path, await this.tasks.list(path, { pageSize: DEFAULT_PAGE_SIZE, ...query }), urls);
  }

  @Get(':index')
  @Route({
    summary: 'Get a task: its plan, its attempts, its state in Batch',
    answers: { 200: TaskDetailView },
    problems: [404, 502],
  })
  async get(@Param(TaskPipe) path: TaskPath, @RequestUrls() urls: Urls): Promise<TaskDetailView> {
    return mapDetail(path, await this.tasks.get(path, path.index), urls);
  }
}
