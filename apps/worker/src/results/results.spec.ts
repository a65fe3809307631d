import fc from 'fast-check';
import { MAX_RESULT_BYTES, jobPaths } from '@windrow/contract';
import type { LedgerEntry, ResultLine } from '@windrow/contract';
import { Ledger, createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { startAzurite } from '../../../../test/support/azurite';
import type { RunningAzurite } from '../../../../test/support/azurite';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { JobOutcomes, concat, foldLedger, readTaskResults, writeManifest, writeResultFiles } from './index';
import { LINES_PER_FILE } from './result-files';

const ok = (task: number, attempt = 1): LedgerEntry => ({
  task,
  attempt,
  outcome: 'succeeded',
  exitCode: 0,
  batchRetries: 0,
});
const failed = (task: number, attempt = 1, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  task,
  attempt,
  outcome: 'failed',
  exitCode: 1,
  category: 'exitCode',
  code: 'FailureExitCode',
  batchRetries: 0,
  ...more,
});

describe('JobOutcomes', () => {
  it('goes by success, then by the latest attempt, in whatever order they come', () => {
    const entries = [failed(0, 1), failed(0, 3, { exitCode: 3 }), failed(0, 2), failed(1, 1), ok(1, 2), failed(1, 3)];
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const sut = new JobOutcomes(3);
        for (const entry of shuffled) sut.add(entry);
        expect([0, 1, 2].map((task) => [sut.outcomeOf(task), sut.attemptsOf(task)])).toEqual([
          ['failed', 3],
          ['succeeded', 3],
          ['pending', 0],
        ]);
        expect(sut.failureOf(0)).toMatchObject({ attempt: 3, exitCode: 3 });
        expect(sut.failureOf(1)).toBeUndefined();
        expect(sut.counts()).toEqual({ total: 3, succeeded: 1, failed: 1, pending: 1 });
      }),
    );
  });

  it('groups failures by cause, the commonest first, with three examples', () => {
    const sut = new JobOutcomes(10);
    sut.add(failed(0, 1, { category: 'timeout', code: 'TaskEnded', message: 'too slow' }));
    for (let task = 1; task < 6; task += 1) sut.add(failed(task, 1, { stderrTail: `tail ${task}` }));
    sut.add(failed(6, 1, { exitCode: 2 }));
    expect(sut.failureGroups()).toEqual([
      {
        category: 'exitCode',
        code: 'FailureExitCode',
        exitCode: 1,
        count: 5,
        examples: [1, 2, 3].map((task) => ({ task, stderrTail: `tail ${task}` })),
      },
      { category: 'timeout', code: 'TaskEnded', exitCode: 1, count: 1, examples: [{ task: 0, message: 'too slow' }] },
      { category: 'exitCode', code: 'FailureExitCode', exitCode: 2, count: 1, examples: [{ task: 6 }] },
    ]);
  });

  it('knows no tasks but the planned ones', () => {
    const sut = new JobOutcomes(1);
    sut.add(ok(1));
    expect(sut.counts()).toEqual({ total: 1, succeeded: 0, failed: 0, pending: 1 });
  });
});

describe('results of a job', () => {
  let azurite: RunningAzurite;
  let blobs: BlobStore;

  beforeAll(async () => {
    azurite = await startAzurite();
    blobs = createStorage(storageConfigFromConnectionString(azurite.connectionString)).blobs;
    await blobs.ensureContainer('workspace');
  });
  afterAll(() => azurite.stop());

  it('are written from the ledger of all waves, split where they are long', async () => {
    const tasks = LINES_PER_FILE + 10;
    const ledger = new Ledger(blobs, 'workspace', 'u');
    await ledger.append('1', [failed(0), failed(1), ...Array.from({ length: LINES_PER_FILE }, (_, n) => ok(n + 2))]);
    await ledger.append('2', [ok(0, 2), failed(1, 2, { exitCode: 7, message: 'why' })]);
    await ledger.append('r1', [failed(3)]);
    const outcomes = await foldLedger(ledger, tasks);
    const place = { blobs, container: 'workspace', uid: 'u' };
    const { files } = await writeResultFiles(place, outcomes);
    const results = jobPaths('u').results;
    expect(files).toEqual({
      succeeded: [`${results}SUCCEEDED_0.jsonl`, `${results}SUCCEEDED_1.jsonl`],
      failed: [`${results}FAILED_0.jsonl`],
      pending: [`${results}PENDING_0.jsonl`],
    });
    expect(await lines(files.succeeded[0]!)).toHaveLength(LINES_PER_FILE);
    expect((await lines(files.succeeded[1]!)).map(({ task }) => task)).toEqual([LINES_PER_FILE + 1]);
    expect((await lines(files.succeeded[0]!))[0]).toEqual({
      task: 0,
      outcome: 'succeeded',
      attempts: 2,
      exitCode: 0,
      outputs: 'jobs/u/outputs/00000000/',
    });
    expect(await lines(files.failed[0]!)).toEqual([
      {
        task: 1,
        outcome: 'failed',
        attempts: 2,
        exitCode: 7,
        category: 'exitCode',
        code: 'FailureExitCode',
        message: 'why',
        outputs: 'jobs/u/outputs/00000001/',
      },
    ]);
    expect(await lines(files.pending[0]!)).toHaveLength(8);

    const job = { workspace: 'w', experiment: 'e', job: 'j', uid: 'u' };
    const createdTime = '2024-01-01T00:00:00Z';
    const manifest = await writeManifest(place, outcomes, {
      job,
      outcome: 'failed',
      files,
      artefacts: [],
      createdTime,
    });
    expect(await blobs.readJson('workspace', jobPaths('u').manifest)).toEqual(manifest);
    expect(manifest).toMatchObject({
      counts: { total: tasks, succeeded: LINES_PER_FILE + 1, failed: 1, pending: 8 },
      failures: [{ count: 1, exitCode: 7 }],
    });
  });

  it('carry what tasks left in their result file, and say why not where they do not', async () => {
    const uid = 'r';
    const file = (task: number, name = 'out/result.json') => `${jobPaths(uid).taskOutputs(task)}/${name}`;
    const largest = JSON.stringify('x'.repeat(MAX_RESULT_BYTES - 2));
    await blobs.writeText('workspace', file(0), '{"score":0.5}');
    await blobs.writeText('workspace', file(2), largest);
    await blobs.writeText('workspace', file(3), `${largest} `);
    await blobs.writeText('workspace', file(4), '{"score":');
    await blobs.writeText('workspace', file(5), 'null');
    await blobs.writeText('workspace', file(6), '"of a task that failed"');
    await blobs.writeText('workspace', file(1, 'result.json'), '"elsewhere"');
    await blobs.writeText('workspace', file(0, 'out/result.json.bak'), '"another file"');
    const outcomes = new JobOutcomes(8);
    for (const task of [0, 1, 2, 3, 4, 5]) outcomes.add(ok(task));
    outcomes.add(failed(6));
    const place = { blobs, container: 'workspace', uid };
    const read = readTaskResults(place, outcomes, 'out/result.json');
    const { files, results } = await writeResultFiles(place, outcomes, read);
    expect(results).toEqual({ carried: 3, omitted: 3 });
    expect((await lines(files.succeeded[0]!)).map(({ result, resultOmitted }) => result ?? resultOmitted)).toEqual([
      { score: 0.5 },
      'missing',
      'x'.repeat(MAX_RESULT_BYTES - 2),
      `too large: ${MAX_RESULT_BYTES + 1} bytes, at most ${MAX_RESULT_BYTES} are carried`,
      expect.stringMatching(/^not JSON: /),
      undefined,
    ]);
    expect((await lines(files.succeeded[0]!))[5]).toHaveProperty('result', null);
    expect((await lines(files.failed[0]!))[0]).not.toHaveProperty('result');
  });

  it('read few results at once, and none of the tasks that have no file', async () => {
    const memory = new MemoryBlobs();
    const outcomes = new JobOutcomes(1000);
    for (let task = 0; task < 1000; task += 1) outcomes.add(ok(task));
    for (let task = 0; task < 1000; task += 2)
      memory.put('workspace', `${jobPaths('m').taskOutputs(task)}/result.json`, String(task));
    let inFlight = 0;
    let most = 0;
    let reads = 0;
    memory.readText = async (_container, blob) => {
      most = Math.max(most, (inFlight += 1));
      reads += 1;
      await new Promise(setImmediate);
      inFlight -= 1;
      return String(Number(blob.split('/').at(-2)));
    };
    const place = { blobs: memory, container: 'workspace', uid: 'm' };
    const found: unknown[] = [];
    for await (const entry of readTaskResults(place, outcomes, 'result.json')) found.push(entry);
    expect(found).toEqual(Array.from({ length: 500 }, (_, n) => ({ task: 2 * n, result: 2 * n })));
    expect(reads).toBe(500);
    expect(most).toBeLessThanOrEqual(32);
  });

  it('have no file for an outcome that no task has', async () => {
    const outcomes = await foldLedger(new Ledger(blobs, 'workspace', 'empty'), 0);
    expect(await writeResultFiles({ blobs, container: 'workspace', uid: 'empty' }, outcomes)).toEqual({
      files: { succeeded: [], failed: [], pending: [] },
    });
  });

  it('are put together from real outputs, or not at all', async () => {
    const part = (task: number) => `${jobPaths('c').taskOutputs(task)}/part.csv`;
    for (const task of [0, 1, 2]) await blobs.writeText('workspace', part(task), `head\n${task}\n`);
    const place = { blobs, container: 'workspace', uid: 'c' };
    const artefact = await concat(place, [0, 1, 2], { kind: 'concat', file: 'part.csv', header: true });
    expect(artefact).toEqual({ name: 'jobs/c/results/artefacts/part.csv', bytes: 11 });
    expect(await blobs.readText('workspace', artefact.name)).toBe('head\n0\n1\n2\n');

    await blobs.delete('workspace', part(1));
    const again = concat(place, [0, 1, 2], { kind: 'concat', file: 'part.csv', target: 'again.csv' });
    await expect(again).rejects.toMatchObject({ code: 'MissingOutput', task: 1 });
    expect(await blobs.properties('workspace', 'jobs/c/results/again.csv')).toBeUndefined();
  });

  async function lines(blob: string): Promise<ResultLine[]> {
    const text = await blobs.readText('workspace', blob);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ResultLine);
  }
});
