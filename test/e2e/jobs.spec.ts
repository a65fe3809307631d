/** Jobs from REST to result, on the real stack. */
import type { ResultManifest } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import { shellJob, TestStack } from '../support';

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

  it('names the one task of many that failed, with exit code, category and the tail of stderr', async () => {
    const command = 'if [ "$WINDROW_TASK_INDEX" = 7 ]; then echo the disk is on fire >&2; exit 3; fi';
    const job = await stack.run('one-bad', shellJob(command, { input: { kind: 'repeat', count: 40 } }));
    expect(job).toMatchObject({
      state: 'failed',
      counts: { total: 40, succeeded: 39, failed: 1 },
      error: { code: 'ToleranceExceeded' },
      failures: [
        {
          category: 'exitCode',
          code: 'FailureExitCode',
          exitCode: 3,
          count: 1,
          examples: [{ task: 7, stderrTail: 'the disk is on fire\n' }],
        },
      ],
    });
    const { body } = await stack.call('GET', '/v1/jobs/one-bad/tasks?state=failed');
    expect(body.value).toMatchObject([
      { index: 7, exitCode: 3, category: 'exitCode', stderrTail: 'the disk is on fire\n' },
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
