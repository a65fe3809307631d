/** Listings of an experiment with a hundred thousand jobs, against those of one with a thousand. */
import { performance } from 'node:perf_hooks';
import type { JobRow, JobState } from '@windrow/contract';
import { createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import type { Catalogue } from '@windrow/storage';
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { median } from './statistics';
import { since } from './timing';

const MANY = 100_000;
const FEW = 1000;
const LANES = 32;
const ROUNDS = 7;
const WORKSPACE = 'aero';
/** One in so many jobs failed: rare, and yet more than a page of them in the large experiment. */
const FAILED_EACH = 500;

const LISTINGS: [name: string, query: string][] = [
  ['newest first', ''],
  ['by a common state', '&state=succeeded'],
  ['by a rare state', '&state=failed'],
  ['by label', '&label=team:aero'],
  ['by time', `&createdAfter=${timeOf(400)}&createdBefore=${timeOf(600)}`],
];

export const listings: Bench = {
  name: 'listings',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      expectStatus(await stack.call('PUT', `/v1/workspaces/${WORKSPACE}`, {}), 201);
      const { catalogue } = createStorage(storageConfigFromConnectionString(stack.stack.storageConnectionString));
      const began = performance.now();
      await fill(catalogue, 'few', FEW);
      await fill(catalogue, 'many', MANY);
      say(`${MANY + FEW} rows written in ${(since(began) / 1000).toFixed(0)} s`);
      const figures: Figure[] = [];
      for (const [name, query] of LISTINGS) {
        const few: number[] = [];
        const many: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          few.push(await page(stack, 'few', query));
          many.push(await page(stack, 'many', query));
        }
        figures.push({
          name: `listings: ${name}`,
          value: median(many),
          unit: 'ms',
          baseline: median(few),
          aim: { of: 'ratio', below: 2 },
        });
        say(`${name}: ${median(many).toFixed(0)} ms, of ${FEW} jobs ${median(few).toFixed(0)} ms`);
      }
      return { figures, notes: [NOTE] };
    }),
};

const NOTE = `\`listings\`: a page of the jobs of an experiment with ${MANY} jobs against the same page of one with ${FEW}, by turns, median of ${ROUNDS}; both lie in one table, so that what the store's emulator needs to search it weighs on both.`;

async function fill(catalogue: Catalogue, experiment: string, jobs: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < jobs; n = next++) await catalogue.putJob(rowOf(experiment, n));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Milliseconds. */
async function page(stack: TestStack, experiment: string, query: string): Promise<number> {
  const began = performance.now();
  const url = `/v1/workspaces/${WORKSPACE}/experiments/${experiment}/jobs?pageSize=2${query}`;
  const answer = await stack.call<{ value: JobRow[] }>('GET', url);
  const ms = since(began);
  expectStatus(answer, 200);
  if (answer.body.value.length !== 2) throw new Error(`${url} gave ${answer.body.value.length} jobs.`);
  return ms;
}

function rowOf(experiment: string, n: number): JobRow {
  const state: JobState = n % FAILED_EACH === FAILED_EACH - 1 ? 'failed' : 'succeeded';
  const createdTime = timeOf(n);
  return {
    workspace: WORKSPACE,
    experiment,
    job: `j${n}`,
    uid: `u${experiment}${n}`,
    labels: { team: n % 2 === 0 ? 'aero' : 'other' },
    state,
    phase: 'releasing',
    createdTime,
    updatedTime: createdTime,
    counts: { total: 1, pending: 0, active: 0, running: 0, succeeded: 1, failed: 0 },
    failures: [],
    timings: [],
  };
}

function timeOf(n: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
}

function expectStatus({ status, body }: { status: number; body: unknown }, expected: number): void {
  if (status !== expected)
    throw new Error(`The API answered ${status} instead of ${expected}: ${JSON.stringify(body)}`);
}
