/** The row, the results and the outputs of a job say what its ledger says, and hold what its tasks computed. */
import type { JobRow, ResultLine, ResultManifest } from '@windrow/contract';
import { jobPaths, jobWorkflowId } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { TaskEnd } from './check-ledger';
import { Difference, same } from './difference';
import type { Work } from './workload';

const OUTPUT = 'out.csv';
const TARGET = 'all.csv';
/** A rule of the design: a million tasks or a bad day, a history stays this short. Events. */
const LONGEST_HISTORY = 500;
const READ_AT_ONCE = 16;

/** @throws Difference */
export async function checkJob(stack: TestStack, job: JobRow, work: Work, ends: TaskEnd[]): Promise<void> {
  const succeeded = ends.filter((end) => end.succeeded).length;
  const total = ends.length;
  const counts = { total, pending: 0, active: 0, running: 0, succeeded, failed: total - succeeded };
  same(`Job ${work.name} ended otherwise.`, { state: job.state, error: job.error }, { state: 'succeeded' });
  same(`The counts of job ${work.name} are wrong.`, sorted(job.counts), sorted(counts));
  // Its last act is the row that says so; its own end comes a moment later.
  const handle = stack.temporal.workflow.getHandle(jobWorkflowId(job));
  await handle.result();
  const { historyLength, status } = await handle.describe();
  same(`The workflow of ${work.name} ended otherwise.`, status.name, 'COMPLETED');
  if (historyLength >= LONGEST_HISTORY)
    throw new Difference(`The history of ${work.name} is long.`, {
      expected: `below ${LONGEST_HISTORY} events`,
      found: historyLength,
    });
  await checkResults(stack, job, work, ends);
  await checkOutputs(stack, job, work, ends);
}

async function checkResults(stack: TestStack, job: JobRow, work: Work, ends: TaskEnd[]): Promise<void> {
  const paths = jobPaths(job.uid);
  const manifest = JSON.parse(await stack.readBlob(paths.manifest)) as ResultManifest;
  const succeeded = ends.filter((end) => end.succeeded).length;
  const counts = { total: ends.length, succeeded, failed: ends.length - succeeded, pending: 0 };
  same(`The manifest of ${work.name} counts otherwise.`, sorted(manifest.counts), sorted(counts), paths.manifest);
  const files = [...manifest.files.succeeded, ...manifest.files.failed, ...manifest.files.pending];
  const there = (await stack.listBlobs(paths.results)).filter((name) => name.endsWith('.jsonl'));
  same(`The result files of ${work.name} are not those of the manifest.`, there.sort(), files.sort(), paths.results);

  const seen = new Set<number>();
  for (const file of files) {
    const rows = (await stack.readBlob(file)).split('\n').filter((line) => line !== '');
    for (const [i, row] of rows.entries()) {
      const { task, outcome, attempts, exitCode } = JSON.parse(row) as ResultLine;
      const where = `${file} line ${i + 1}`;
      const end = ends[task];
      if (!end || seen.has(task))
        throw new Difference(`The results of ${work.name} name task ${task} twice, or it does not exist.`, {
          expected: `each of ${ends.length} tasks once`,
          found: row,
          where,
        });
      seen.add(task);
      same(
        `The result of task ${task} of ${work.name} is not that of the ledger.`,
        { outcome, attempts, exitCode },
        {
          outcome: end.succeeded ? 'succeeded' : 'failed',
          attempts: end.attempts,
          // A success is known to have exit code 0; its line need not say so.
          exitCode: end.succeeded ? exitCode : end.last.exitCode,
        },
        where,
      );
    }
  }
  same(`The results of ${work.name} are not complete.`, seen.size, ends.length, paths.results);
}

async function checkOutputs(stack: TestStack, job: JobRow, work: Work, ends: TaskEnd[]): Promise<void> {
  const paths = jobPaths(job.uid);
  const expected = new Map<string, string>();
  ends.forEach((end, task) => {
    const text = end.succeeded ? work.output(task) : undefined;
    if (text !== undefined) expected.set(`${paths.taskOutputs(task)}/${OUTPUT}`, text);
  });
  const there = await stack.listBlobs(paths.outputs);
  same(
    `The outputs of ${work.name} are not those of its tasks.`,
    there.sort(),
    [...expected.keys()].sort(),
    paths.outputs,
  );
  const names = there[Symbol.iterator]();
  const read = async () => {
    for (const name of names)
      same(`An output of ${work.name} is wrong.`, await stack.readBlob(name), expected.get(name)!, name);
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, read));
  if (expected.size === 0) return;
  const artefact = `${paths.artefacts}${TARGET}`;
  same(
    `The gathered outputs of ${work.name} are wrong.`,
    await stack.readBlob(artefact),
    [...expected.values()].join(''),
    artefact,
  );
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
