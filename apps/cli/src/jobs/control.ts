import type { Command } from 'commander';
import { define, type Session, several } from '../command';
import { confirmed } from '../confirm';
import type { Context } from '../context';
import { CliError } from '../errors';
import { remove } from '../http/remove';
import { readSpec } from '../spec/read-spec';
import { hasEnded, type Job } from './job';
import { waitForJob, type WaitOptions, waitOptions, watchJob, watchOrWait } from './watching';

interface RedriveOptions extends WaitOptions {
  file?: string;
  set?: string[];
  exitCode?: string[];
  category?: string[];
  tasks?: string;
  watch?: boolean;
  wait?: boolean;
}

export function addControl(parent: Command, session: Session): void {
  define(parent, session, 'cancel <job>', {
    summary: 'Cancel a job: running tasks are killed, resources are released',
    examples: ['cancel wordcount'],
    action: async (context, _options, name) =>
      act(context, name, 'cancel', undefined, (job) =>
        hasEnded(job) ? `${job.job} has ended already: ${job.state}.` : `${job.job} is being cancelled.`,
      ),
  });
  define<{ requeue?: boolean }>(parent, session, 'pause <job>', {
    summary: 'Pause a job: no further task starts, running ones end',
    examples: ['pause wordcount', 'pause wordcount --requeue'],
    options: (command) => command.option('--requeue', 'put back the tasks that run instead of letting them end'),
    action: async (context, { requeue }, name) =>
      act(context, name, 'pause', requeue ? { running: 'requeue' } : {}, (job) => `${job.job} is paused.`),
  });
  define(parent, session, 'resume <job>', {
    summary: 'Resume a paused job',
    examples: ['resume wordcount'],
    action: async (context, _options, name) =>
      act(context, name, 'resume', undefined, (job) => `${job.job} goes on: ${job.state}.`),
  });
  define<RedriveOptions>(parent, session, 'redrive <job>', {
    summary: 'Run again what failed or never ran of a job that has ended, and nothing else',
    examples: [
      'redrive wordcount --watch',
      'redrive wordcount --exit-code 137 --set task.requiredSlots=2',
      'redrive wordcount --tasks 0-999 --file change.yaml',
    ],
    options: redriveOptions,
    action: redrive,
  });
  define<{ set?: string[] }>(parent, session, 'update <job>', {
    summary: 'Change a running job: parallelism, priority, tolerance, time limits',
    examples: ['update wordcount --set execution.maxParallelTasks=10 --set execution.priority=low'],
    options: (command) =>
      command.requiredOption('--set <path=value>', 'what is to be different (several times)', several),
    action: async ({ api, scope, out, io }, { set }, name) => {
      const spec = await readSpec(undefined, set ?? [], io);
      try {
        const job = await api.json<Job>(await scope.job(name), { method: 'PATCH', body: spec.body });
        out.document(job, () => `${job.job} is changed.\n`);
      } catch (error) {
        throw spec.explain(error);
      }
    },
  });
  define<{ yes?: boolean }>(parent, session, 'delete <job>', {
    summary: 'Delete a job with its outputs and results; one that runs is cancelled first',
    examples: ['delete wordcount --yes'],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    action: async (context, { yes }, name) => {
      await confirmed(context, yes, `Delete job '${name}' with its outputs and results?`);
      await remove(context, await context.scope.job(name), `job '${name}'`);
    },
  });
}

async function act(
  context: Context,
  name: string,
  action: string,
  body: object | undefined,
  say: (job: Job) => string,
) {
  const { api, scope, out } = context;
  // Asking for any of these again is no mistake, so a lost answer may be asked for once more.
  const job = await api.json<Job>(`${await scope.job(name)}:${action}`, { method: 'POST', body, repeatable: true });
  out.document(job, () => `${say(job)}\n`);
}

function redriveOptions(command: Command): void {
  command
    .option('--exit-code <code>', 'only tasks that failed with this exit code (several times)', several)
    .option('--category <category>', 'only failures of this category, such as timeout (several times)', several)
    .option('--tasks <ranges>', 'only these tasks, such as 0-99,250')
    .option('-f, --file <file>', 'filter and changes from a YAML or JSON file')
    .option('--set <path=value>', 'what is different for this redrive (several times)', several);
  for (const option of watchOrWait()) command.addOption(option);
  waitOptions(command);
}

async function redrive(context: Context, options: RedriveOptions, name: string) {
  const { api, scope, out, io } = context;
  const path = await scope.job(name);
  const spec = await readSpec(options.file, [...filterSets(options), ...(options.set ?? [])], io);
  let job: Job;
  try {
    job = await api.json<Job>(`${path}:redrive`, { method: 'POST', body: spec.body });
  } catch (error) {
    throw spec.explain(error);
  }
  if (options.watch) return watchJob(context, path, options);
  if (options.wait) return waitForJob(context, path, options);
  out.document(job, () => `${job.job} is redriven.\n`);
  return undefined;
}

/** The flags as what they stand for in the body, so that a problem with one is told as one with `--set`. */
function filterSets({ exitCode, category, tasks }: RedriveOptions): string[] {
  const wrong = exitCode?.find((code) => !/^-?\d+$/.test(code));
  if (wrong !== undefined) throw new CliError(`'--exit-code ${wrong}' is no number.`);
  return [
    ...(exitCode ? [`filter.exitCodes=[${exitCode.join(',')}]`] : []),
    ...(category ? [`filter.categories=${JSON.stringify(category)}`] : []),
    ...(tasks === undefined ? [] : [`filter.tasks=${JSON.stringify(tasks)}`]),
  ];
}
