import { jobPaths } from '@windrow/contract';
import type { ResultLine, ResultManifest } from '@windrow/contract';
import { Lanes } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import type { JobOutcomes, Outcome } from './outcomes';
import { MISSING } from './task-results';
import type { TaskResult } from './task-results';

/** Lines of one result file; fewer, where they are long. */
export const LINES_PER_FILE = 50_000;
const CHARACTERS_PER_FILE = 16 * 1024 * 1024;
const WRITES_IN_FLIGHT = 4;

const NAMES = { succeeded: 'SUCCEEDED', failed: 'FAILED', pending: 'PENDING' } as const;

/** Where a job's results are written. */
export interface ResultPlace {
  blobs: BlobStore;
  /** The workspace's container. */
  container: string;
  uid: string;
}

/** Results of succeeded tasks, as `readTaskResults` gives them. */
export type TaskResults = AsyncIterable<{ task: number } & TaskResult>;

export interface WrittenFiles {
  files: ResultManifest['files'];
  /** With results only. */
  results?: NonNullable<ResultManifest['results']>;
}

/**
 * Writes `SUCCEEDED_n.jsonl`, `FAILED_n.jsonl` and `PENDING_n.jsonl`, n from 0, tasks in their order; an outcome
 * that no task has gets no file. With `results`, each succeeded task's line has its own, or why not. Writing again gives
 * the same blobs.
 */
export async function writeResultFiles(
  place: ResultPlace,
  outcomes: JobOutcomes,
  results?: TaskResults,
): Promise<WrittenFiles> {
  const lanes = new Lanes(WRITES_IN_FLIGHT);
  const files: ResultManifest['files'] = { succeeded: [], failed: [], pending: [] };
  const lines: Record<Outcome, string[]> = { succeeded: [], failed: [], pending: [] };
  const characters: Record<Outcome, number> = { succeeded: 0, failed: 0, pending: 0 };
  const queue = results && new ResultQueue(results);
  const flush = async (outcome: Outcome) => {
    const name = jobPaths(place.uid).resultFile(NAMES[outcome], files[outcome].length);
    const text = `${lines[outcome].join('\n')}\n`;
    files[outcome].push(name);
    lines[outcome] = [];
    characters[outcome] = 0;
    const contentType = 'application/x-ndjson';
    await lanes.run(() => place.blobs.writeText(place.container, name, text, { contentType }));
  };
  for (let task = 0; task < outcomes.tasks; task += 1) {
    const outcome = outcomes.outcomeOf(task);
    const result = outcome === 'succeeded' ? await queue?.of(task) : undefined;
    const line = JSON.stringify({ ...resultLine(place.uid, outcomes, task), ...result });
    lines[outcome].push(line);
    characters[outcome] += line.length;
    if (lines[outcome].length === LINES_PER_FILE || characters[outcome] >= CHARACTERS_PER_FILE) await flush(outcome);
  }
  for (const outcome of ['succeeded', 'failed', 'pending'] as const) {
    if (lines[outcome].length > 0) await flush(outcome);
  }
  await lanes.drain();
  return { files, ...(queue && { results: queue.counts }) };
}

/** Results come in the order of the tasks, but not every task has one. */
class ResultQueue {
  readonly counts = { carried: 0, omitted: 0 };
  private readonly source: AsyncIterator<{ task: number } & TaskResult>;
  private next: ({ task: number } & TaskResult) | undefined;

  constructor(results: TaskResults) {
    this.source = results[Symbol.asyncIterator]();
  }

  async of(task: number): Promise<TaskResult> {
    while (!this.next || this.next.task < task) {
      const read = await this.source.next();
      if (read.done) break;
      this.next = read.value;
    }
    const { task: found, ...result } = this.next ?? { task: -1 };
    const own = found === task ? result : MISSING;
    this.counts[own.resultOmitted === undefined ? 'carried' : 'omitted'] += 1;
    return own;
  }
}

/** The line of one task; also what an API may show of it. */
export function resultLine(uid: string, outcomes: JobOutcomes, task: number): ResultLine {
  const { exitCode, category, code, message, stderrTail } = outcomes.failureOf(task) ?? {};
  const outcome = outcomes.outcomeOf(task);
  return {
    task,
    outcome,
    attempts: outcomes.attemptsOf(task),
    ...(outcome === 'succeeded' && { exitCode: 0 }),
    ...(exitCode !== undefined && { exitCode }),
    ...(category !== undefined && { category }),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(stderrTail !== undefined && { stderrTail }),
    outputs: `${jobPaths(uid).taskOutputs(task)}/`,
  };
}

/** Writes `results/manifest.json`, last of all: its presence means that the results are whole. */
export async function writeManifest(
  place: ResultPlace,
  outcomes: JobOutcomes,
  facts: Omit<ResultManifest, 'counts' | 'failures'>,
): Promise<ResultManifest> {
  const manifest: ResultManifest = {
    job: facts.job,
    outcome: facts.outcome,
    counts: outcomes.counts(),
    files: facts.files,
    artefacts: facts.artefacts,
    failures: outcomes.failureGroups(),
    ...(facts.results && { results: facts.results }),
    createdTime: facts.createdTime,
  };
  await place.blobs.writeJson(place.container, jobPaths(place.uid).manifest, manifest);
  return manifest;
}
