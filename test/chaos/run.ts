/** One run: the stack, two jobs, the rain of blows, and then every check. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { JobRow } from '@windrow/contract';
import { isTerminal } from '@windrow/contract';
import { TestStack } from '../support/test-stack';
import { Blows } from './blows';
import type { LedgerFigures } from './check-ledger';
import { checkLedger } from './check-ledger';
import { checkNoProcessLeft, checkNothingLeft } from './check-leftovers';
import { checkJob } from './check-results';
import { Difference } from './difference';
import type { Component } from './plan';
import { faultPlan } from './plan';
import type { Work } from './workload';
import { prepareWork } from './workload';

const POLL_MS = 300;
/** Ten times what a run takes: whoever needs longer hangs. */
const LIMIT_MS = 20 * 60_000;

export interface RunOptions {
  seed: number;
  tasks: number;
  /** The run's own folder; it goes when all was well. */
  directory: string;
  say: (text: string) => void;
  /** Each component goes down once, and no more. */
  once?: boolean;
  /** Rejects when the run is to be broken off. */
  interrupted?: Promise<never>;
}

export interface RunReport {
  seed: number;
  seconds: number;
  kills: Record<Component, number>;
  /** How often each kind of ordered fault struck. */
  struck: Record<string, number>;
  /** Sums over the jobs. */
  ledger: LedgerFigures;
  /** Undefined when the run was clean. */
  difference?: Error;
}

/** Never throws for what the run found: that is in its report. */
export async function chaosRun(options: RunOptions): Promise<RunReport> {
  const began = Date.now();
  const report: RunReport = {
    seed: options.seed,
    seconds: 0,
    kills: { worker: 0, api: 0, 'batch-emulator': 0, temporal: 0, azurite: 0 },
    struck: {},
    ledger: { lines: 0, duplicates: 0, retries: 0, spoilt: 0 },
  };
  try {
    await mkdir(options.directory, { recursive: true });
    await runAndCheck(options, report);
    await checkNoProcessLeft(options.directory);
    await rm(options.directory, { recursive: true, force: true });
  } catch (error) {
    report.difference = error instanceof Error ? error : new Error(String(error));
  }
  report.seconds = (Date.now() - began) / 1000;
  return report;
}

async function runAndCheck(
  { seed, tasks, directory, say, once = false, interrupted }: RunOptions,
  report: RunReport,
): Promise<void> {
  const plan = faultPlan(seed);
  const stack = await TestStack.start({ directory, env: { WINDROW_CHAOS_DIRECTORY: path.resolve(directory) } });
  try {
    const works = await prepareWork(stack, plan, tasks);
    const blows = new Blows(stack.stack, plan, say, once);
    const noted = () => {
      report.kills = blows.kills();
      report.struck = blows.struck;
    };
    const broken = new AbortController();
    const raining = blows.rain().finally(noted);
    const through = Promise.all(works.map((work) => submitAndWait(stack, work, broken.signal))).finally(() =>
      blows.end(),
    );
    // The first of the two that fails is what is told; nothing is started or asked behind the stack's stop.
    const both = Promise.race([Promise.all([raining, through]), ...(interrupted ? [interrupted] : [])]);
    await both.catch(async (error: unknown) => {
      broken.abort();
      blows.abort();
      await Promise.allSettled([raining, through]);
      throw error;
    });
    await blows.clearFaults();
    noted();
    const jobs = await through;
    for (const [i, work] of works.entries()) {
      const job = jobs[i]!;
      if (job.state !== 'succeeded')
        throw new Difference(`Job ${work.name} ended as ${job.state}.`, { expected: 'succeeded', found: job });
      const { figures, ends } = await checkLedger(stack, job, work, blows.outages);
      for (const name of ['lines', 'duplicates', 'retries', 'spoilt'] as const) report.ledger[name] += figures[name];
      await checkJob(stack, job, work, ends);
    }
    await checkNothingLeft(stack, jobs);
    blows.refuseUnexpected();
  } finally {
    await stack.stop({ keep: true });
  }
}

/** As a patient customer: asks again until it is answered. */
async function submitAndWait(stack: TestStack, { name, spec }: Work, broken: AbortSignal): Promise<JobRow> {
  const deadline = Date.now() + LIMIT_MS;
  let accepted = false;
  let last: unknown;
  while (Date.now() < deadline) {
    broken.throwIfAborted();
    const answer = await stack
      .call<JobRow>(accepted ? 'GET' : 'PUT', `/v1/jobs/${name}`, accepted ? undefined : spec)
      .catch((error: unknown) => ({ status: 0, body: error }));
    last = answer.body;
    if (accepted && (answer.status === 404 || answer.status === 400))
      throw new Difference(`The accepted job ${name} is no longer known.`, { expected: 200, found: answer });
    if (!accepted && answer.status >= 400 && answer.status < 500)
      throw new Difference(`Job ${name} was refused.`, { expected: '201 or 200', found: answer });
    if (answer.status === 200 || answer.status === 201) {
      accepted = true;
      const row = answer.body as JobRow;
      if (isTerminal(row.state)) return row;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Difference(`Job ${name} did not end.`, { expected: `an end within ${LIMIT_MS / 60_000} min`, found: last });
}
