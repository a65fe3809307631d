import {
  jobPaths,
  MAX_METRIC_NAME,
  MAX_METRICS,
  metricNames,
  scalarsOf,
  SHARD_SIZE,
  TASKS_STAGE,
  TOP_TASKS,
} from '@windrow/contract';
import type { JobMetrics, MetricLine, MetricsSpec, MetricSummary, MetricTops, Scalar } from '@windrow/contract';
import { readPlanShard } from '@windrow/storage';
import { LINES_PER_FILE } from './result-files';
import type { ResultPlace, TaskResults } from './result-files';

/**
 * Writes `METRICS_n.jsonl` and, for each metric, the tasks at both ends, and returns the summary. In bounded memory; writing
 * again gives the same blobs.
 * @param files what succeeded tasks left in their metrics file, in the order of the tasks
 * @param succeeded how many tasks could have left one
 */
export async function writeMetrics(
  place: ResultPlace,
  files: TaskResults,
  { objective }: MetricsSpec,
  succeeded: number,
): Promise<JobMetrics> {
  const collector = new MetricCollector();
  const parameters = new ParameterReader(place);
  const paths = jobPaths(place.uid);
  let lines: string[] = [];
  let written = 0;
  const flush = async () => {
    const contentType = 'application/x-ndjson';
    await place.blobs.writeText(place.container, paths.metrics(written++), `${lines.join('\n')}\n`, { contentType });
    lines = [];
  };
  for await (const { task, result } of files) {
    const metrics = collector.metricsIn(result);
    if (!metrics) continue;
    const line = { task, parameters: await parameters.of(task), metrics };
    collector.add(line);
    lines.push(JSON.stringify(line));
    if (lines.length === LINES_PER_FILE) await flush();
  }
  if (lines.length > 0) await flush();
  for (const [n, metric] of metricNames(collector).entries()) {
    await place.blobs.writeJson(place.container, paths.metricTops(n), collector.topsOf(metric));
  }
  const end = objective && collector.topsOf(objective.metric)[objective.goal === 'minimize' ? 'lowest' : 'highest'];
  const best = end?.[0];
  return {
    tasks: collector.tasks,
    omitted: succeeded - collector.tasks,
    ignored: collector.ignored,
    values: collector.values,
    ...(objective && { objective }),
    ...(best && { best }),
  };
}

/** Sums metrics up, task by task. */
export class MetricCollector {
  tasks = 0;
  ignored = 0;
  readonly values: Record<string, MetricSummary> = Object.create(null) as Record<string, MetricSummary>;
  private readonly ends = new Map<string, { lowest: TopTasks; highest: TopTasks }>();

  /** The finite numbers of a flat object; undefined when there are none. What else there is is counted. */
  metricsIn(file: unknown): Record<string, number> | undefined {
    if (typeof file !== 'object' || file === null || Array.isArray(file)) return undefined;
    const found: [string, number][] = [];
    for (const [name, value] of Object.entries(file)) {
      const known = name in this.values;
      const room = Object.keys(this.values).length + found.filter(([other]) => !(other in this.values)).length;
      const fits = name !== '' && name.length <= MAX_METRIC_NAME && (known || room < MAX_METRICS);
      if (typeof value === 'number' && Number.isFinite(value) && fits) found.push([name, value]);
      else this.ignored += 1;
    }
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  }

  add(line: MetricLine): void {
    this.tasks += 1;
    for (const [name, value] of Object.entries(line.metrics)) {
      const { count, min, max, mean } = this.values[name] ?? { count: 0, min: value, max: value, mean: 0 };
      this.values[name] = {
        count: count + 1,
        min: Math.min(min, value),
        max: Math.max(max, value),
        mean: mean + (value - mean) / (count + 1),
      };
      let ends = this.ends.get(name);
      if (!ends) {
        ends = { lowest: new TopTasks(name, 1), highest: new TopTasks(name, -1) };
        this.ends.set(name, ends);
      }
      ends.lowest.add(line);
      ends.highest.add(line);
    }
  }

  topsOf(metric: string): MetricTops {
    const { lowest, highest } = this.ends.get(metric) ?? {};
    return { metric, lowest: lowest?.list() ?? [], highest: highest?.list() ?? [] };
  }
}

/** The first tasks by one metric, of any number of tasks. Of equal ones the lower index. */
class TopTasks {
  private lines: MetricLine[] = [];

  constructor(
    private readonly metric: string,
    private readonly sign: 1 | -1,
  ) {}

  add(line: MetricLine): void {
    this.lines.push(line);
    if (this.lines.length >= 4 * TOP_TASKS) this.lines = this.list();
  }

  list(): MetricLine[] {
    const value = ({ metrics }: MetricLine) => this.sign * metrics[this.metric]!;
    return [...this.lines].sort((a, b) => value(a) - value(b) || a.task - b.task).slice(0, TOP_TASKS);
  }
}

/** What tasks were given, from the plan; they are asked for in their order. A task of several items has no parameters. */
class ParameterReader {
  private shard = -1;
  private tasks = new Map<number, Record<string, Scalar>>();

  constructor(private readonly place: ResultPlace) {}

  async of(task: number): Promise<Record<string, Scalar>> {
    const shard = Math.floor(task / SHARD_SIZE);
    if (shard !== this.shard) {
      const { blobs, container, uid } = this.place;
      const planned = await readPlanShard(blobs, container, uid, TASKS_STAGE, shard);
      this.tasks = new Map(planned.map(({ index, inline }) => [index, scalarsOf(inline?.item)]));
      this.shard = shard;
    }
    return this.tasks.get(task) ?? {};
  }
}
