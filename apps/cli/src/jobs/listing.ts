import { type Command, Option } from 'commander';
import { define, type Session, several, wholeNumber } from '../command';
import type { Context } from '../context';
import { CliError } from '../errors';
import { collect } from '../http/pages';
import { state } from '../output/style';
import { ago, oneLine } from '../output/words';
import { details } from './details';
import { causeOf, done, elapsed, type Job } from './job';
import { milliseconds } from './watching';

export const JOB_STATES: readonly Job['state'][] = [
  ...(['queued', 'planning', 'provisioning', 'running', 'retrying', 'gathering', 'paused'] as const),
  ...(['succeeded', 'failed', 'cancelled'] as const),
];
export const TASK_STATES = ['pending', 'active', 'running', 'succeeded', 'failed'];
const DEFAULT_LIMIT = 50;

export interface LimitOptions {
  limit?: number;
  all?: boolean;
}

interface ListOptions extends LimitOptions {
  state?: string;
  label?: string[];
  createdAfter?: string;
  createdBefore?: string;
}

export function addListing(parent: Command, session: Session): void {
  define<ListOptions>(parent, session, 'list', {
    summary: 'List the jobs of an experiment, newest first',
    examples: ['list', 'list --state failed --limit 10', 'list --label team=aero --created-after 2d --all -o json'],
    options: (command) => {
      command
        .addOption(new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES))
        .option('--label <key=value>', 'only jobs with this label (several times: with all of them)', several)
        .option('--created-after <time>', 'an ISO 8601 time, or an age such as 2d or 6h')
        .option('--created-before <time>', 'an ISO 8601 time, or an age such as 2d or 6h');
      limitOptions(command);
    },
    action: list,
  });
  define(parent, session, 'show <job>', {
    summary: 'Show a job: state, counts, why it waits, failures by cause',
    examples: ['show wordcount', 'show wordcount -o json'],
    action: async ({ api, scope, out, io }, _options, name) => {
      out.document(await api.json<Job>(await scope.job(name)), (job) => details(job, out.style, io.now()));
    },
  });
  define<LimitOptions & { state?: string }>(parent, session, 'tasks <job>', {
    summary: 'List the tasks of a job',
    examples: ['tasks wordcount --state failed', 'tasks wordcount --all -o json'],
    options: (command) => {
      command.addOption(new Option('--state <state>', 'only tasks in this state').choices(TASK_STATES));
      limitOptions(command);
    },
    action: tasks,
  });
}

export function limitOptions(command: Command): void {
  command
    .addOption(new Option('--all', 'all of them, however many').conflicts('limit'))
    .option('--limit <number>', `so many at most (default ${DEFAULT_LIMIT})`, wholeNumber('--limit', 1));
}

export function limitOf({ limit, all }: LimitOptions): number {
  return all ? Infinity : (limit ?? DEFAULT_LIMIT);
}

/** Says that a list goes on, where nobody sees `nextLink`. */
export function noteMore({ out }: Context, page: { value: unknown[]; nextLink?: string }): void {
  if (page.nextLink !== undefined && out.format === 'table') {
    out.note(`There are more than these ${page.value.length}: --all or --limit shows them.`);
  }
}

async function list(context: Context, options: ListOptions): Promise<void> {
  const { api, scope, out, io } = context;
  const page = await collect<Job>(api, await scope.jobs(), limitOf(options), {
    state: options.state,
    label: options.label?.map(labelFilter),
    createdAfter: timeOf('--created-after', options.createdAfter, io.now()),
    createdBefore: timeOf('--created-before', options.createdBefore, io.now()),
  });
  out.document(page, ({ value }) =>
    value.length === 0
      ? noJobs(options)
      : out.table<Job>(
          [
            { title: 'Name', value: ({ job }) => job },
            { title: 'State', value: (job) => job.state, paint: (text) => state(out.style, text) },
            {
              title: 'Tasks',
              value: (job) => (job.counts.total > 0 ? `${done(job)}/${job.counts.total}` : ''),
              right: true,
            },
            { title: 'Failed', value: ({ counts }) => counts.failed || '', right: true },
            { title: 'Cluster', value: ({ cluster }) => cluster },
            { title: 'Nodes', value: ({ nodes }) => nodes?.usable, right: true },
            { title: 'Created', value: ({ createdTime }) => ago(createdTime, io.now()) },
            { title: 'Time', value: (job) => elapsed(job, io.now()) },
            { title: 'Note', value: (job) => oneLine(job.error?.code ?? job.waiting?.code ?? job.displayName ?? '') },
          ],
          value,
        ),
  );
  noteMore(context, page);
}

function noJobs({ state: is, label, createdAfter, createdBefore }: ListOptions): string {
  const filtered = [is, label, createdAfter, createdBefore].some((filter) => filter !== undefined);
  if (filtered) return 'No job here matches.\n';
  return 'No jobs here. `windrow submit FILE` makes one; -w and -e name another workspace and experiment.\n';
}

function labelFilter(text: string): string {
  const [, key, value] = /^([^=:]+)[=:](.*)$/.exec(text) ?? [];
  if (key === undefined) throw new CliError(`'--label ${text}' is not of the form key=value.`);
  return `${key}:${value}`;
}

/** An age is counted back from now. */
function timeOf(option: string, text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  if (/^[\d.]+[smhd]$/.test(text)) return new Date(now - milliseconds(text)).toISOString();
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time)) return new Date(time).toISOString();
  throw new CliError(`'${option} ${text}' is no time.`, {
    next: 'Such as 2026-01-31, 2026-01-31T09:30:00Z, or an age: 2d.',
  });
}

interface Task {
  index: number;
  state: string;
  attempts: number;
  exitCode?: number;
  category?: Job['failures'][number]['category'];
  code?: string;
  startTime?: string;
  endTime?: string;
  node?: string;
  message?: string;
}

async function tasks(context: Context, options: LimitOptions & { state?: string }, name: string): Promise<void> {
  const { api, scope, out } = context;
  const page = await collect<Task>(api, `${await scope.job(name)}/tasks`, limitOf(options), { state: options.state });
  out.document(page, ({ value }) =>
    value.length === 0
      ? options.state === undefined
        ? 'No tasks (yet).\n'
        : `No task is ${options.state}.\n`
      : out.table<Task>(
          [
            { title: 'Task', value: ({ index }) => index, right: true },
            { title: 'State', value: (task) => task.state, paint: (text) => state(out.style, text) },
            { title: 'Attempts', value: ({ attempts }) => attempts, right: true },
            { title: 'Exit code', value: ({ exitCode }) => exitCode, right: true },
            { title: 'Started', value: ({ startTime }) => startTime },
            { title: 'Ended', value: ({ endTime }) => endTime },
            { title: 'Node', value: ({ node }) => node },
            {
              title: 'Cause',
              value: ({ category, code, exitCode }) =>
                category && causeOf({ category, code: code ?? '', ...(exitCode === undefined ? {} : { exitCode }) }),
            },
          ],
          value,
        ),
  );
  noteMore(context, page);
}
