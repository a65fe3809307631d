/** `results/SUCCEEDED_n.jsonl`, `FAILED_n.jsonl` and `PENDING_n.jsonl`: every task once, in order, in one of them. */
import type { BlobStore } from '@windrow/storage';
import type { ResultLine, ResultManifest } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import type { Outcomes } from './outcomes';

const LINES_PER_FILE = 50_000;

const FILE_NAME = { succeeded: 'SUCCEEDED', failed: 'FAILED', pending: 'PENDING' } as const;

/** Returns the blob names by outcome; an outcome that no task had gets no file. */
export async function writeResultFiles(
  blobs: BlobStore,
  container: string,
  uid: string,
  outcomes: Outcomes,
): Promise<ResultManifest['files']> {
  const files: ResultManifest['files'] = { succeeded: [], failed: [], pending: [] };
  for (const outcome of ['succeeded', 'failed', 'pending'] as const) {
    let lines: string[] = [];
    const flush = async () => {
      if (lines.length === 0) return;
      const blob = jobPaths(uid).resultFile(FILE_NAME[outcome], files[outcome].length + 1);
      await blobs.writeText(container, blob, `${lines.join('\n')}\n`, { contentType: 'application/x-ndjson' });
      files[outcome].push(blob);
      lines = [];
    };
    for (let task = 0; task < outcomes.total; task++) {
      if (outcomes.stateOf(task) !== outcome) continue;
      lines.push(JSON.stringify(resultLine(uid, task, outcome, outcomes)));
      if (lines.length === LINES_PER_FILE) await flush();
    }
    await flush();
  }
  return files;
}

function resultLine(uid: string, task: number, outcome: ResultLine['outcome'], outcomes: Outcomes): ResultLine {
  const failure = outcomes.failureOf(task);
  return {
    task,
    outcome,
    attempts: outcomes.attemptsOf(task),
    ...(failure?.exitCode !== undefined && { exitCode: failure.exitCode }),
    ...(failure?.category !== undefined && { category: failure.category }),
    ...(failure?.code !== undefined && { code: failure.code }),
    ...(failure?.message !== undefined && { message: failure.message }),
    ...(failure?.stderrTail !== undefined && { stderrTail: failure.stderrTail }),
    outputs: `${jobPaths(uid).taskOutputs(task)}/`,
  };
}
