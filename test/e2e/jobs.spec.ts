/** Jobs from REST to result, on the real stack. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ResultManifest } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import { AZURITE_KEY } from '@windrow/local-stack';
import { historyText, shellJob, TestStack } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const manifestOf = async (uid: string) => JSON.parse(await stack.readBlob(jobPaths(uid).manifest)) as ResultManifest;

describe('a job', () => {
  it('runs its tasks, uploads their outputs, writes the manifest and leaves nothing behind', async () => {
    const job = await stack.run('plain', shellJob('mkdir out; cp items.jsonl out/; echo done $WINDROW_TASK_INDEX'));
    expect(job).toMatchObject({ state: 'succeeded', items: 4, counts: { total: 4, succeeded: 4, failed: 0 } });
    for (const index of [0, 1, 2, 3]) {
      expect(await stack.readBlob(`${jobPaths(job.uid).taskOutputs(index)}/out/items.jsonl`)).toBe(
        `{"index":${index}}\n`,
      );
    }
    const manifest = await manifestOf(job.uid);
    expect(manifest).toMatchObject({ outcome: 'succeeded', counts: { total: 4, succeeded: 4, failed: 0, pending: 0 } });
    expect((await stack.ledger(job)).map((entry) => entry.task).sort()).toEqual([0, 1, 2, 3]);
    await stack.expectNothingLeft(job);
    const answer = await stack.call('GET', '/v1/jobs/plain/tasks/2/files/stdout.txt');
    expect(answer).toMatchObject({ status: 200, body: 'done 2\n' });
  });

  it('stays under 200 history events', async () => {
    const job = await stack.run('short-history', shellJob('true'));
    const { historyLength } = await stack.temporal.workflow
      .getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`)
      .describe();
    expect(historyLength).toBeLessThan(200);
  });

  it('names the one task of a thousand that failed, with exit code, category and the tail of stderr', async () => {
    const command = 'if [ "$WINDROW_TASK_INDEX" = 707 ]; then echo the disk is on fire >&2; exit 3; fi';
    const job = await stack.run(
      'one-bad',
      shellJob(command, {
        input: { kind: 'repeat', count: 1000 },
        pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 2 }, slotsPerNode: 4 },
        execution: { toleratedFailures: { count: 1 } },
      }),
    );
    expect(job).toMatchObject({
      state: 'succeeded',
      counts: { total: 1000, succeeded: 999, failed: 1 },
      failures: [
        {
          category: 'exitCode',
          code: 'FailureExitCode',
          exitCode: 3,
          count: 1,
          examples: [{ task: 707, stderrTail: 'the disk is on fire\n' }],
        },
      ],
    });
    const { body } = await stack.call('GET', '/v1/jobs/one-bad/tasks?state=failed');
    expect(body.value).toMatchObject([
      { index: 707, exitCode: 3, category: 'exitCode', stderrTail: 'the disk is on fire\n' },
    ]);
    await stack.expectNothingLeft(job);
  });

  it('tolerates failures by count and by percent', async () => {
    const command = '[ "$WINDROW_TASK_INDEX" != 1 ]';
    const byCount = await stack.run('by-count', shellJob(command, { execution: { toleratedFailures: { count: 1 } } }));
    const byPercent = await stack.run(
      'by-percent',
      shellJob(command, { execution: { toleratedFailures: { percent: 25 } } }),
    );
    const tooMany = await stack.run(
      'too-many',
      shellJob(command, { execution: { toleratedFailures: { percent: 24 } } }),
    );
    expect([byCount.state, byPercent.state, tooMany.state]).toEqual(['succeeded', 'succeeded', 'failed']);
  });

  it('has Batch retry within an attempt, and Windrow try again in a further wave', async () => {
    const byBatch = await stack.run('by-batch', {
      ...shellJob(
        '[ -f "$AZ_BATCH_NODE_SHARED_DIR/again-$WINDROW_TASK_INDEX" ] || { touch "$AZ_BATCH_NODE_SHARED_DIR/again-$WINDROW_TASK_INDEX"; exit 1; }',
        {
          input: { kind: 'repeat', count: 1 },
        },
      ),
      task: {
        commandLine: `/bin/sh -c '[ -f "$AZ_BATCH_NODE_SHARED_DIR/again" ] || { touch "$AZ_BATCH_NODE_SHARED_DIR/again"; exit 1; }'`,
        retries: 1,
      },
    });
    expect(byBatch.state).toBe('succeeded');
    expect((await stack.ledger(byBatch))[0]).toMatchObject({ batchRetries: 1, outcome: 'succeeded' });

    const byWave = await stack.run(
      'by-wave',
      shellJob('[ "$WINDROW_ATTEMPT" = 2 ] || [ "$WINDROW_TASK_INDEX" = 0 ]', {
        execution: { retryRules: [{ on: { exitCodes: [1] }, attempts: 3, backoff: { initial: 'PT0.1S' } }] },
      }),
    );
    expect(byWave).toMatchObject({ state: 'succeeded', counts: { succeeded: 4, failed: 0 } });
    expect(await stack.ledger(byWave, '1')).toHaveLength(4);
    expect((await stack.ledger(byWave, '2')).map((entry) => entry.task).sort()).toEqual([1, 2, 3]);
    const retried = await stack.call('GET', '/v1/jobs/by-wave/tasks/2');
    expect(retried.body).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it('kills a task at its time limit and says that it was the time limit', async () => {
    const job = await stack.run('too-slow', {
      ...shellJob('', { input: { kind: 'repeat', count: 1 } }),
      task: { commandLine: `/bin/sh -c 'sleep 600 & sleep 600'`, timeout: 'PT1S' },
    });
    expect(job).toMatchObject({ state: 'failed', failures: [{ category: 'timeout', count: 1 }] });
    expect(await stack.taskProcesses()).toEqual([]);
  });
});

describe('what a person sees in Temporal', () => {
  it('search attributes, a summary, and current details with phase and counts', async () => {
    const job = await stack.run('seen', shellJob('true', { displayName: 'Seen by people' }));
    const handle = stack.temporal.workflow.getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`);
    const described = await handle.describe();
    const attributes = Object.fromEntries(
      described.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      WindrowJob: 'seen',
      WindrowState: 'succeeded',
      WindrowTasks: 4,
      WindrowFailedTasks: 0,
    });
    expect(await described.staticSummary()).toEqual(expect.stringContaining('Seen by people'));
    const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('4 of 4 tasks succeeded');
    const history = await handle.fetchHistory();
    const summaries = (history.events ?? []).flatMap((event) =>
      event.userMetadata?.summary ? [Buffer.from(event.userMetadata.summary.data ?? []).toString()] : [],
    );
    expect(summaries).toEqual(
      expect.arrayContaining([expect.stringMatching(/add tasks 0 to 3/), expect.stringMatching(/watch 4 tasks/)]),
    );
  });

  it('a job that failed is a failed workflow, whose type is the error code', async () => {
    await stack.run('failed-workflow', shellJob('false'));
    const failure = stack.temporal.workflow.getHandle('job:migrated-local/migrated/failed-workflow').result();
    await expect(failure).rejects.toMatchObject({ cause: { type: 'ToleranceExceeded' } });
  });
});

it('no link and no key enters a history, the catalogue or a log', async () => {
  await stack.upload('inputs', 'a.txt', 'a');
  const job = await stack.run('secretive', {
    ...shellJob('cat inputs/a.txt; mkdir out; echo 1 > out/n'),
    input: { kind: 'blobs', container: 'inputs' },
    gather: { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n > out/n'` },
  });
  expect(job.state).toBe('succeeded');
  const texts: [string, string][] = [['catalogue', JSON.stringify(await stack.job('secretive'))]];
  for (const id of [`job:migrated-local/migrated/secretive`, `cluster:migrated-local/~${job.uid}`]) {
    texts.push([id, historyText(await stack.temporal.workflow.getHandle(id).fetchHistory())]);
  }
  // It stands in the input alone: what is in payloads can be read here.
  expect(texts[1]![1]).toContain(job.createdTime);
  for (const name of await readdir(stack.logs)) texts.push([name, await readFile(path.join(stack.logs, name), 'utf8')]);
  for (const blob of await stack.listBlobs(`jobs/${job.uid}/`)) texts.push([blob, await stack.readBlob(blob)]);
  expect(texts.length).toBeGreaterThan(10);
  const keys = [AZURITE_KEY, stack.stack.batch.key];
  const found = texts.filter(([, text]) => /[?&]sig=/.test(text) || keys.some((key) => text.includes(key)));
  expect(found.map(([name]) => name)).toEqual([]);
});
