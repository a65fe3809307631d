import type { Command } from 'commander';
import { define, type Session, wholeNumber } from '../command';
import type { Context } from '../context';
import { CliError } from '../errors';
import { ExitCode } from '../exit-codes';
import { collect } from '../http/pages';
import type { Job } from '../jobs/job';
import { copyFrom, followFile, type LogFile } from './tail';

interface LogsOptions {
  follow?: boolean;
  stderr?: boolean;
  attempt?: number;
  failed?: boolean;
  limit?: number;
}

const DEFAULT_TASKS = 10;

export function addLogs(parent: Command, session: Session): void {
  define<LogsOptions>(parent, session, 'logs <job> [task]', {
    summary: 'Print what a task wrote to stdout or stderr',
    examples: [
      'logs wordcount 17',
      'logs wordcount 17 -f',
      'logs wordcount 17 --stderr --attempt 1',
      'logs wordcount --failed --stderr',
    ],
    options: (command) =>
      command
        .option('-f, --follow', 'wait for it and go on as it grows, until the task has ended')
        .option('--stderr', 'stderr instead of stdout')
        .option('--attempt <number>', 'of this attempt (default: the latest)', wholeNumber('--attempt', 1))
        .option('--failed', 'of the tasks that failed')
        .option(
          '--limit <number>',
          `with --failed: so many tasks at most (default ${DEFAULT_TASKS})`,
          wholeNumber('--limit', 1),
        ),
    action: logs,
  });
}

async function logs(context: Context, options: LogsOptions, name: string, task?: string): Promise<ExitCode | void> {
  const path = await context.scope.job(name);
  if (options.failed) {
    if (task !== undefined || options.follow) throw new CliError('--failed goes with neither a task nor --follow.');
    return failedLogs(context, options, name, path);
  }
  const index = task ?? (await onlyTask(context, name, path, options));
  if (!/^\d{1,8}$/.test(index)) {
    throw new CliError(`'${index}' is no index of a task.`, {
      next: `\`windrow tasks ${name}\` lists them; they count from 0.`,
    });
  }
  const file = logFile(path, index, options);
  if (!options.follow) {
    if ((await copyFrom(context, file, 0)) !== undefined) return undefined;
    // Says whether it is the job or the task that is not there.
    await context.api.json(file.task);
    throw notWritten(name, index, file);
  }
  const header = (attempt: number) => context.out.note(`--- task ${index}, attempt ${attempt}`);
  return (await followFile(context, path, file, header)) ? undefined : ExitCode.interrupted;
}

function logFile(job: string, index: string | number, { stderr, attempt }: LogsOptions): LogFile {
  const name = stderr ? 'stderr.txt' : 'stdout.txt';
  return { task: `${job}/tasks/${index}`, name, ...(attempt === undefined ? {} : { attempt }) };
}

/** Of a job with one task nobody need say which. While its plan is not made only `--follow` knows what to wait for. */
async function onlyTask({ api }: Context, name: string, path: string, { follow }: LogsOptions): Promise<string> {
  const { counts } = await api.json<Job>(path);
  if (counts.total === 1 || (counts.total === 0 && follow)) return '0';
  throw new CliError(
    counts.total === 0 ? `Job '${name}' has no tasks yet.` : `Job '${name}' has ${counts.total} tasks.`,
    {
      next: `Name one: \`windrow logs ${name} 0\`; or \`windrow logs ${name} --failed\`; \`windrow tasks ${name}\` lists them.`,
    },
  );
}

async function failedLogs(context: Context, options: LogsOptions, name: string, path: string): Promise<void> {
  const { api, io, out } = context;
  const limit = options.limit ?? DEFAULT_TASKS;
  const { value, nextLink } = await collect<{ index: number; attempts: number; exitCode?: number }>(
    api,
    `${path}/tasks`,
    limit,
    {
      state: 'failed',
    },
  );
  if (value.length === 0) out.note(`No task of job '${name}' has failed.`);
  for (const { index, exitCode } of value) {
    const file = logFile(path, index, options);
    io.out.write(`==> task ${index}, ${file.name}${exitCode === undefined ? '' : `, exit code ${exitCode}`} <==\n`);
    if ((await copyFrom(context, file, 0)) === undefined) io.out.write('(nothing was kept)\n');
    io.out.write('\n');
  }
  if (nextLink !== undefined) out.note(`More tasks have failed than these ${value.length}: --limit shows more.`);
}

function notWritten(name: string, index: string, { name: file }: LogFile): CliError {
  return new CliError(`Task ${index} of job '${name}' has no ${file}: it has not begun, or its node was lost.`, {
    exitCode: ExitCode.notFound,
    next: `\`windrow logs ${name} ${index} -f\` waits for it.`,
  });
}
