import type { FileHandlers } from '../handlers/files';
import type { TaskHandlers } from '../handlers/tasks';
import type { Route } from '../http/route';
import { JOB, TASK, route } from './route';

export function taskRoutes(tasks: TaskHandlers, files: FileHandlers): Route[] {
  const { modified } = tasks;
  return [
    route('TaskAddCollection', 'POST', `${JOB}/addtaskcollection`, tasks.addCollection),
    route('TaskAdd', 'POST', `${JOB}/tasks`, tasks.add, { body: 'BatchTaskCreateOptions' }),
    route('TaskList', 'GET', `${JOB}/tasks`, tasks.list),
    route('TaskDelete', 'DELETE', TASK, tasks.delete, { modified }),
    route('TaskGet', 'GET', TASK, tasks.get, { modified }),
    route('TaskUpdate', 'PUT', TASK, tasks.update, { body: 'BatchTask', modified }),
    route('TaskReactivate', 'POST', `${TASK}/reactivate`, tasks.reactivate, { modified }),
    route('TaskListSubtasks', 'GET', `${TASK}/subtasksinfo`, tasks.subtasks),
    route('TaskTerminate', 'POST', `${TASK}/terminate`, tasks.terminate, { modified }),
    route('FileListFromTask', 'GET', `${TASK}/files`, files.list(files.ofTask)),
    route('FileDeleteFromTask', 'DELETE', `${TASK}/files/{filePath...}`, files.delete(files.ofTask)),
    route('FileGetFromTask', 'GET', `${TASK}/files/{filePath...}`, files.get(files.ofTask)),
    route('FileGetPropertiesFromTask', 'HEAD', `${TASK}/files/{filePath...}`, files.head(files.ofTask)),
  ];
}
