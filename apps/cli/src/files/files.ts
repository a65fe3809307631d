import type { Command } from 'commander';
import { define, type Session } from '../command';
import { type Context, suggested } from '../context';
import { CliError } from '../errors';
import { collect } from '../http/pages';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { bytes } from '../output/words';

export function addFiles(parent: Command, session: Session): void {
  define<LimitOptions & { attempt?: string }>(parent, session, 'files <job> [task]', {
    summary: 'List the outputs of a job, or all files of one of its tasks',
    examples: ['files wordcount', 'files wordcount 17', 'files wordcount --all -o json'],
    options: (command) => {
      command.option('--attempt <number>', 'of this attempt of the task (default: the latest)');
      limitOptions(command);
    },
    action: async (context, options, name, task?: string) =>
      task === undefined ? outputs(context, options, name) : taskFiles(context, options.attempt, name, task),
  });
}

interface Output {
  task: number;
  path: string;
  bytes: number;
  lastModified: string;
}

async function outputs(context: Context, options: LimitOptions, name: string): Promise<void> {
  const page = await collect<Output>(context.api, `${await context.scope.job(name)}/outputs`, limitOf(options));
  context.out.document(page, ({ value }) =>
    value.length === 0
      ? `No outputs (yet). \`${suggested(context, `files ${name} 0`)}\` lists all files of a task.\n`
      : context.out.table<Output>(
          [
            { title: 'Task', value: (file) => file.task, right: true },
            { title: 'Path', value: (file) => file.path },
            { title: 'Size', value: (file) => bytes(file.bytes), right: true },
            { title: 'Modified', value: (file) => file.lastModified },
          ],
          value,
        ),
  );
  noteMore(context, page);
}

interface TaskFile {
  path: string;
  bytes: number;
  lastModified?: string;
  source: string;
}

async function taskFiles(
  { api, scope, out }: Context,
  attempt: string | undefined,
  name: string,
  task: string,
): Promise<void> {
  if (!/^\d{1,8}$/.test(task)) throw new CliError(`'${task}' is no index of a task.`);
  const path = `${await scope.job(name)}/tasks/${task}/files`;
  out.document(await api.json<{ value: TaskFile[] }>(path, { query: { attempt } }), ({ value }) =>
    value.length === 0
      ? 'No files (yet).\n'
      : out.table<TaskFile>(
          [
            { title: 'Path', value: (file) => file.path },
            { title: 'Size', value: (file) => bytes(file.bytes), right: true },
            { title: 'Modified', value: (file) => file.lastModified },
            { title: 'On', value: (file) => file.source },
          ],
          value,
        ),
  );
}
