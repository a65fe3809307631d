import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { FileAnswer, Route } from '../docs/decorators';
import type { HttpRequest, HttpResponse } from '../http/exchange';
import { JOB_PATHS, TaskPath, TaskPipe } from '../http/paths';
import { sendFile } from '../http/send-file';
import { RequestUrls, type Urls } from '../http/urls';
import { AttemptQuery, FileList, FileQuery } from './dto';
import { safePath } from './file-path';
import { TaskFilesService } from './task-files.service';

@ApiTags('tasks')
@Controller(JOB_PATHS.map((path) => `${path}/:job/tasks/:index/files`))
export class TaskFilesController {
  constructor(private readonly files: TaskFilesService) {}

  @Get()
  @Route({
    summary: 'List the files of a task',
    description: 'On its node while that is there, else its kept logs; kept outputs always, under `outputs/`.',
    answers: { 200: FileList },
    problems: [404, 502],
  })
  async list(
    @Param(TaskPipe) path: TaskPath,
    @Query() query: AttemptQuery,
    @RequestUrls() urls: Urls,
  ): Promise<FileList> {
    const { attempt, files } = await this.files.list(path, query.attempt);
    const value = files.map((file) => ({ ...file, url: urls.file(path, path.index, file.path, attempt) }));
    return { ...(attempt === undefined ? {} : { attempt }), value };
  }

  @Get('*path')
  @ApiHeader({ name: 'Range', required: false, description: 'One range, such as `bytes=0-1023`.' })
  @FileAnswer(206, 'The range asked for with a Range header.')
  @FileAnswer(200, 'The file, or what `offset` and `count` ask of it.')
  @Route({ summary: 'Read a file of a task, such as `stdout.txt`', answers: {}, problems: [404, 416, 502] })
  async read(
    @Param(TaskPipe) task: TaskPath,
    @Query() query: FileQuery,
    @Req() request: HttpRequest,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const path = safePath(request.params['path']);
    await sendFile(await this.files.open(task, path, query.attempt), query, request, response);
  }
}
