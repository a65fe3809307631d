import type { Scalar } from '@windrow/contract';
import { type Command, Option } from 'commander';
import { define, type Session } from '../command';
import type { Context } from '../context';
import { collect } from '../http/pages';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { pathOf } from './commands';
import type { Kind } from './kind';

interface Row {
  job: string;
  /** Absent at level `job`. */
  task?: number;
  parameters: Record<string, Scalar>;
  metrics?: Record<string, number>;
  /** Of the metric sorted by. */
  value: number;
}

interface Metrics {
  metric: string;
  order: string;
  /** All that there are. */
  metrics: string[];
  best?: Row;
  value: Row[];
  nextLink?: string;
  truncated?: boolean;
}

interface MetricsOptions extends LimitOptions {
  metric?: string;
  order?: string;
}

/** `experiments metrics`. */
export function addExperimentMetrics(experiments: Command, session: Session, kind: Kind): void {
  define<MetricsOptions & { level?: string }>(experiments, session, 'metrics <experiment>', {
    summary: 'List the tasks of an experiment by their metrics, the best first',
    examples: ['experiments metrics blades', 'experiments metrics blades --metric accuracy --order desc --level job'],
    options: (command) => {
      command.addOption(new Option('--level <level>', 'tasks, or jobs by their best task').choices(['task', 'job']));
      metricsOptions(command);
    },
    action: async (context, options, name) =>
      show(context, `${await pathOf(context, kind, name)}/metrics`, options, { level: options.level }),
  });
}

/** `metrics` of a job. */
export function addJobMetrics(parent: Command, session: Session): void {
  define<MetricsOptions>(parent, session, 'metrics <job>', {
    summary: 'List the tasks of a job by their metrics, the best first',
    examples: ['metrics sweep', 'metrics sweep --metric accuracy --order desc --limit 5'],
    options: metricsOptions,
    action: async (context, options, name) => show(context, `${await context.scope.job(name)}/metrics`, options),
  });
}

function metricsOptions(command: Command): void {
  command
    .option('--metric <name>', 'sort by this one (default: that of the objective)')
    .addOption(
      new Option('--order <order>', 'asc where less is better (default: as the objective says)').choices([
        'asc',
        'desc',
      ]),
    );
  limitOptions(command);
}

async function show(
  context: Context,
  path: string,
  options: MetricsOptions,
  more: Record<string, string | undefined> = {},
) {
  const { api, out } = context;
  const { metric, order } = options;
  const page = await collect<Row, Metrics>(api, path, limitOf(options), { metric, order, ...more });
  out.document(page, ({ value }) => (value.length === 0 ? nothing(page) : table(context, page)));
  noteMore(context, page);
  if (page.truncated && out.format === 'table') {
    out.note('What follows is not in order: all of it is in results/METRICS_n.jsonl of the jobs (`windrow download`).');
  }
}

function nothing({ metric, metrics }: Metrics): string {
  if (metrics.length > 0) return `Nothing has the metric '${metric}'; there are ${metrics.join(', ')}.\n`;
  return 'No metrics (yet): jobs have them that say `metrics`, once they have gathered.\n';
}

/** The metric sorted by, then what the tasks were given, then the other metrics. */
function table({ out }: Context, { metric, value }: Metrics): string {
  const names = (pick: (row: Row) => object | undefined) => [
    ...new Set(value.flatMap((row) => Object.keys(pick(row) ?? {}))),
  ];
  return out.table<Row>(
    [
      { title: metric, value: (row) => row.value, right: true },
      { title: 'Job', value: ({ job }) => job },
      ...(value.some(({ task }) => task !== undefined)
        ? [{ title: 'Task', value: (row: Row) => row.task, right: true }]
        : []),
      ...names(({ parameters }) => parameters).map((name) => ({
        title: name,
        value: ({ parameters }: Row) => (parameters[name] === undefined ? undefined : String(parameters[name])),
      })),
      ...names(({ metrics }) => metrics)
        .filter((name) => name !== metric)
        .map((name) => ({ title: name, value: ({ metrics }: Row) => metrics?.[name], right: true })),
    ],
    value,
  );
}
