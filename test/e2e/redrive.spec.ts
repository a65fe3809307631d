/** Jobs that have ended are run again for what failed or never ran; what succeeded is left as it is. */
import type { JobRow, ResultLine } from '@windrow/contract';
import { jobPaths, workspaceContainer } from '@windrow/contract';
import { shellJob, TestStack, waitFor, WORKSPACE } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ env: { WINDROW_SWEEP_INTERVAL_SECONDS: '3600', WINDROW_SWEEP_GRACE_SECONDS: '1' } });
});

afterAll(() => stack.stop());

const redrive = (name: string, body?: object) => stack.call('POST', `/v1/jobs/${name}:redrive`, body);

/** Of the run that this begins. */
async function redriven(name: string, body?: object): Promise<JobRow> {
  const answer = await redrive(name, body);
  expect(answer).toMatchObject({ status: 202, body: { state: 'queued' } });
  return stack.finished(name);
}

async function etags(job: JobRow): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const container = stack.blobs.getContainerClient(workspaceContainer(WORKSPACE));
  for await (const { name, properties } of container.listBlobsFlat({ prefix: jobPaths(job.uid).outputs })) {
    found.set(name, properties.etag);
  }
  return found;
}

async function lines(blob: string): Promise<ResultLine[]> {
  return (await stack.readBlob(blob))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const handleOf = (job: JobRow) =>
  stack.temporal.workflow.getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`);

describe('a redrive by hand', () => {
  it('runs ten of two hundred tasks again, by filter and with another command, and leaves the others alone', async () => {
    const command =
      'i=$WINDROW_TASK_INDEX; [ $((i % 20)) -eq 7 ] && exit $((3 + i / 20 % 2)); mkdir out; echo $i > out/n';
    const job = await stack.run(
      'filtered',
      shellJob(command, {
        // Two items for each task: they are staged.
        input: { kind: 'repeat', count: 400 },
        batching: { maxItemsPerTask: 2 },
        pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 2 }, slotsPerNode: 8 },
        execution: { toleratedFailures: { percent: 5 } },
        gather: { kind: 'concat', file: 'out/n', target: 'all.txt' },
      }),
    );
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 200, succeeded: 190, failed: 10 } });
    const before = await etags(job);
    expect(before.size).toBe(190);
    const paths = jobPaths(job.uid);
    expect((await stack.listBlobs(paths.staged)).length).toBe(200);

    expect(await redrive('filtered', { filter: { exitCodes: [5] } })).toMatchObject({
      status: 409,
      body: { code: 'NothingToRedrive' },
    });
    const commandLine = `/bin/sh -c 'mkdir out; [ $(wc -l < items.jsonl) = 2 ] && echo {{task.index}}$MODE$WINDROW_ATTEMPT > out/n'`;
    const task = { commandLine, environment: { MODE: '-again-' } };
    const first = await redriven('filtered', { filter: { exitCodes: [3] }, task });
    expect(first).toMatchObject({ state: 'succeeded', redrives: 1, counts: { succeeded: 195, failed: 5, pending: 0 } });
    expect(first.nodeSeconds).toBeGreaterThan(job.nodeSeconds!);
    expect(first.failures).toMatchObject([{ exitCode: 4, count: 5 }]);
    expect((await stack.ledger(job, '2')).map(({ task: index }) => index).sort((a, b) => a - b)).toEqual([
      7, 47, 87, 127, 167,
    ]);
    expect(await lines(`${paths.results}FAILED_0.jsonl`)).toHaveLength(5);

    const second = await redriven('filtered', { task });
    expect(second).toMatchObject({ state: 'succeeded', redrives: 2, counts: { succeeded: 200, failed: 0 } });
    expect(second.timings.map(({ phase }) => phase)).toEqual([
      'planning',
      'provisioning',
      'running',
      'gathering',
      'releasing',
    ]);
    const after = await etags(job);
    expect(after.size).toBe(200);
    for (const [name, etag] of before) expect([name, after.get(name)]).toEqual([name, etag]);
    expect(await stack.ledger(job, '1')).toHaveLength(200);
    expect(await stack.ledger(job, '3')).toHaveLength(5);
    // Only what this run left: no file of failures any more.
    expect((await stack.listBlobs(paths.results)).sort()).toEqual(
      [`${paths.results}SUCCEEDED_0.jsonl`, paths.manifest, `${paths.artefacts}all.txt`].sort(),
    );
    const all = (await stack.readBlob(`${paths.artefacts}all.txt`)).trim().split('\n');
    expect(all).toEqual(Array.from({ length: 200 }, (_, n) => (n % 20 === 7 ? `${n}-again-2` : `${n}`)));
    const results = await lines(`${paths.results}SUCCEEDED_0.jsonl`);
    expect(results.map(({ attempts }) => attempts)).toEqual(
      Array.from({ length: 200 }, (_, n) => (n % 20 === 7 ? 2 : 1)),
    );
    await stack.expectNothingLeft(job);
    expect(await redrive('filtered')).toMatchObject({ status: 409, body: { code: 'NothingToRedrive' } });
    expect((await stack.call('GET', '/v1/jobs/filtered/tasks/47')).body).toMatchObject({
      state: 'succeeded',
      attempts: 2,
    });
  });

  it('runs what a cancelled job never ran, and reduces anew', async () => {
    const command = 'mkdir out; [ $WINDROW_TASK_INDEX -lt 2 ] || sleep 600; echo $WINDROW_TASK_INDEX > out/n';
    const gather = { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n > out/sum'` } as const;
    const job = await stack.submit('cancelled', shellJob(command, { input: { kind: 'repeat', count: 12 }, gather }));
    await waitFor('two to succeed', async () => (await stack.job('cancelled')).counts.succeeded === 2);
    expect(await redrive('cancelled')).toMatchObject({ status: 409, body: { code: 'JobActive' } });
    await stack.call('POST', '/v1/jobs/cancelled:cancel');
    const ended = await stack.finished('cancelled');
    expect(ended).toMatchObject({ state: 'cancelled', counts: { total: 12, succeeded: 2 } });
    const commandLine = `/bin/sh -c 'mkdir out; echo {{task.index}} > out/n'`;
    const again = await redriven('cancelled', { task: { commandLine } });
    expect(again).toMatchObject({ state: 'succeeded', counts: { total: 12, succeeded: 12 } });
    const twice = (await stack.ledger(job, '2')).map(({ task }) => task);
    expect(twice).not.toContain(0);
    expect(twice).not.toContain(1);
    expect((await stack.readBlob(`${jobPaths(job.uid).artefacts}sum`)).trim().split('\n')).toHaveLength(12);
    await stack.expectNothingLeft(job);
  });

  it('runs the gather alone when that is what failed, with another command', async () => {
    const gather = { kind: 'reduce', commandLine: `/bin/sh -c 'echo no >&2; exit 7'` } as const;
    const job = await stack.run('merged', shellJob('mkdir out; echo $WINDROW_TASK_INDEX > out/n', { gather }));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'GatherFailed' }, counts: { succeeded: 4 } });
    await stack.expectNothingLeft(job);
    const commandLine = `/bin/sh -c 'mkdir out; cat inputs/*/out/n > out/sum'`;
    const again = await redriven('merged', { gather: { commandLine } });
    expect(again).toMatchObject({ state: 'succeeded', redrives: 1, counts: { total: 4, succeeded: 4 } });
    expect(await stack.readBlob(`${jobPaths(job.uid).artefacts}sum`)).toBe('0\n1\n2\n3\n');
    expect((await stack.listBlobs(jobPaths(job.uid).ledgerPrefix)).sort()).toEqual(
      ['1', 'r1', 'r1x1'].map((wave) => jobPaths(job.uid).ledger(wave)),
    );
    await stack.expectNothingLeft(again);
    expect(await redrive('merged')).toMatchObject({ status: 409, body: { code: 'NothingToRedrive' } });
  });

  it('refuses inputs that were changed, by name, keeps the results, and runs the tasks that do not read them', async () => {
    for (const n of [0, 1]) await stack.upload('corpus', `in/${n}.txt`, `text ${n}`);
    const input = { kind: 'blobs', container: 'corpus', prefix: 'in/' } as const;
    const job = await stack.run(
      'changed',
      shellJob('exit 3', { input, execution: { toleratedFailures: { count: 1 } } }),
    );
    expect(job).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
    await stack.upload('corpus', 'in/1.txt', 'another text');
    const refused = await redriven('changed');
    const { state, error, counts } = job;
    expect(refused).toMatchObject({ state, error, counts, redriveRefused: { code: 'InputChanged' } });
    expect(refused.redriveRefused!.message).toContain('corpus/in/1.txt (changed)');
    expect(refused.failures).toEqual(job.failures);
    expect(await lines(`${jobPaths(job.uid).results}FAILED_0.jsonl`)).toHaveLength(2);
    const commandLine = `/bin/sh -c 'true'`;
    const part = await redriven('changed', { filter: { tasks: '0' }, task: { commandLine } });
    expect(part.redriveRefused).toBeUndefined();
    expect(part).toMatchObject({ state: 'succeeded', redrives: 2, counts: { succeeded: 1, failed: 1 } });
  });

  it('runs tasks that waited for failed ones, with retries of its own, on a pool of its own', async () => {
    const job = await stack.run(
      'chain',
      shellJob('[ $WINDROW_TASK_INDEX != 1 ]', {
        task: { commandLine: `/bin/sh -c '[ $WINDROW_TASK_INDEX != 1 ]'`, dependsOn: [{ offset: -1 }] },
        cleanup: { pool: 'keep' },
      }),
    );
    expect(job).toMatchObject({ state: 'failed', counts: { succeeded: 1, failed: 1, pending: 2 } });
    const retryRules = [{ on: { exitCodes: [1] }, attempts: 2, backoff: { initial: 'PT1S' } }];
    const again = await redriven('chain', {
      // The first attempt of the redrive, which is the second of task 1, fails as well.
      task: { commandLine: `/bin/sh -c '[ $WINDROW_TASK_INDEX != 1 ] || [ $WINDROW_ATTEMPT = 3 ]'` },
      pool: { vmSizes: ['standard_d4s_v3'] },
      execution: { retryRules },
    });
    expect(again).toMatchObject({ state: 'succeeded', counts: { total: 4, succeeded: 4 } });
    expect((await stack.ledger(job, '2')).map(({ task }) => task)).toEqual([1]);
    expect((await stack.ledger(job, '3')).map(({ task }) => task).sort()).toEqual([1, 2, 3]);
    const sizes = ['', '-r1'].map(async (run) => (await stack.batch.pools.get(`windrow-job-${job.uid}${run}`)).vmSize);
    expect(await Promise.all(sizes)).toEqual(['standard_d2s_v3', 'standard_d4s_v3']);
  });
});

describe('automatic redrives', () => {
  const execution = (max: number, delay: string, onlyIf?: object) => ({
    autoRedrive: { max, delay, ...(onlyIf && { onlyIf }) },
  });

  it('run what failed after the delay, holding nothing meanwhile, until all has succeeded', async () => {
    const job = await stack.submit('auto', shellJob('[ $WINDROW_ATTEMPT -gt 2 ]', { execution: execution(3, 'PT3S') }));
    const waiting = await waitFor('the job to wait', async () => {
      const row = await stack.job('auto');
      return row.waiting?.code === 'AutoRedrive' && row;
    });
    expect(waiting).toMatchObject({ state: 'queued' });
    expect(waiting.waiting!.message).toMatch(/^Automatic redrive 1 of 3 begins at .*4 tasks failed/s);
    const ended = await stack.finished('auto');
    expect(ended).toMatchObject({ state: 'succeeded', redrives: 2, counts: { total: 4, succeeded: 4 } });
    await stack.expectNothingLeft(job);
  });

  it('end with what the filter matches, with their number, and with a cancellation in the delay', async () => {
    const [other, spent] = await Promise.all([
      stack.run('other', shellJob('exit 1', { execution: execution(5, 'PT1S', { exitCodes: [9] }) })),
      stack.run('spent', shellJob('exit 9', { execution: execution(1, 'PT1S', { exitCodes: [9] }) })),
    ]);
    expect(other).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
    expect(other.redrives).toBeUndefined();
    expect(spent).toMatchObject({ state: 'failed', redrives: 1, error: { code: 'ToleranceExceeded' } });
    await stack.submit('halted', shellJob('exit 1', { execution: execution(1, 'PT1H') }));
    await waitFor('it to wait', async () => (await stack.job('halted')).waiting?.code === 'AutoRedrive');
    await stack.call('POST', '/v1/jobs/halted:cancel');
    expect(await stack.finished('halted')).toMatchObject({ state: 'cancelled', error: { code: 'Cancelled' } });
  });
});

describe('what is left behind', () => {
  it('goes when the retention is over, and nothing that is beside it', async () => {
    const job = await stack.run(
      'expired',
      shellJob('exit 1', { batching: { maxItemsPerTask: 2 }, cleanup: { retention: 'PT1S' } }),
    );
    const { staged } = jobPaths(job.uid);
    expect((await stack.listBlobs(staged)).length).toBe(2);
    const container = workspaceContainer(WORKSPACE);
    const foreign = ['leftovers/somebody', 'jobs/somebody/staged/items/1', `jobs/${job.uid}0/staged/items/1`];
    for (const name of foreign) await stack.upload(container, name, 'not ours');
    await stack.upload('windrow-like', `leftovers/${job.uid}`, 'not ours');
    const report = await waitFor('a round after the grace', async () => {
      const round = await stack.sweep();
      return round.staged.deleted > 0 && round;
    });
    expect(report.staged).toEqual({ deleted: 1, ids: [job.uid], blobs: 2 });
    expect(await stack.listBlobs(staged)).toEqual([]);
    expect(await stack.listBlobs(`leftovers/${job.uid}`)).toEqual([]);
    for (const name of foreign) expect(await stack.listBlobs(name)).toEqual([name]);
    expect(await stack.listBlobs('leftovers/', 'windrow-like')).toHaveLength(1);
    expect(await redrive('expired')).toMatchObject({ status: 410, body: { code: 'RetentionOver' } });
  });

  it('of a terminated workflow is kept, its row corrected, and redriven without what had ended', async () => {
    const command = 'mkdir out; [ $WINDROW_TASK_INDEX -lt 2 ] || sleep 600';
    const job = await stack.submit(
      'terminated',
      shellJob(command, { batching: { maxItemsPerTask: 2 }, input: { kind: 'repeat', count: 16 } }),
    );
    await waitFor('two to succeed', async () => (await stack.job('terminated')).counts.succeeded === 2);
    // Of this one nothing can be told any more; it must not keep the sweeper from the other.
    const damaged = await stack.submit('damaged', shellJob('sleep 600'));
    await waitFor('it to run', async () => (await stack.job('damaged')).counts.running > 0);
    await stack.deleteBlob(jobPaths(damaged.uid).spec);
    for (const one of [damaged, job]) await handleOf(one).terminate('by hand');
    const swept = await waitFor('a round that corrects it', async () => {
      const { corrected, staged } = await stack.sweep();
      return corrected.deleted > 0 && { corrected, staged };
    });
    expect(swept).toMatchObject({ corrected: { ids: [job.uid] }, staged: { deleted: 0 } });
    const ofDamaged = (await stack.batchJobIds()).filter((id) => id.includes(damaged.uid));
    expect(ofDamaged).toHaveLength(1);
    await stack.batch.jobs.delete(ofDamaged[0]!);
    const row = await stack.job('terminated');
    expect(row).toMatchObject({
      state: 'failed',
      counts: { total: 8, succeeded: 2, running: 0, active: 0 },
      error: { code: 'Terminated' },
    });
    // What ran was killed, and has failed; the rest never ran.
    expect(row.failures.reduce((sum, { count }) => sum + count, 0)).toBe(row.counts.failed);
    const { body } = await stack.call('GET', '/v1/jobs/terminated/results');
    expect(body.manifest).toMatchObject({ outcome: 'failed', counts: { succeeded: 2, failed: row.counts.failed } });
    expect(row.error!.message).toContain('redrive the job');
    const again = await redriven('terminated', { task: { commandLine: `/bin/sh -c 'wc -l items.jsonl'` } });
    expect(again).toMatchObject({ state: 'succeeded', counts: { total: 8, succeeded: 8 } });
    expect(await stack.ledger(job, '1')).toEqual(expect.arrayContaining([expect.objectContaining({ task: 0 })]));
    expect((await stack.ledger(job, '2')).map(({ task }) => task)).not.toContain(0);
    await waitFor('the processes of the first run to be gone', async () => (await stack.taskProcesses()).length === 0);
  });
});
