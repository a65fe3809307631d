/** The two jobs of a run: many simulated tasks, and some real ones whose outputs can be computed again. */
import type { JobSpec } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { Fate, FaultPlan } from './plan';

/** Exit code by fate. */
const MENDS = 7;
const STUBBORN = 8;
const HOPELESS = 9;
/** Attempts that the rules give, in all. */
const MOST_ATTEMPTS = 10;
const STUBBORN_ATTEMPTS = 3;

const INPUTS = 'chaos-inputs';
const PROGRAMS = 'chaos-programs';
const ITEMS_PER_TASK = 3;
const SLOTS_PER_NODE = 4;
/** One real task to so many simulated ones. */
const SIMULATED_PER_REAL = 25;
/** A simulated task takes between these. Seconds. */
const SHORTEST_S = 0.5;
const LONGEST_S = 3;

/** Computes one line from the items, and fails as the items say. */
const PROGRAM = `
sum=0
for n in $(sed 's/[^0-9]*\\([0-9]*\\).*/\\1/' items.jsonl); do sum=$(( (sum * 31 + n) % 1000003 )); done
fate=$(sed -n '1s/.*"fate":"\\([a-z]*\\)".*/\\1/p' items.jsonl)
case "$fate" in
  mends) test -n "$MENDED" || exit ${MENDS};;
  stubborn) exit ${STUBBORN};;
  hopeless) exit ${HOPELESS};;
esac
echo "$WINDROW_TASK_INDEX,$sum" > out.csv
sleep 0.1
`;

const EXIT_CODE: Record<Fate, number> = { fine: 0, mends: MENDS, stubborn: STUBBORN, hopeless: HOPELESS };

export interface Work {
  name: string;
  spec: JobSpec;
  fates: Fate[];
  /** Tasks read and write blobs, so that an outage of the storage may cost them an attempt. */
  usesStorage: boolean;
  /** What a task that succeeds leaves behind in `out.csv`; undefined: nothing. */
  output: (task: number) => string | undefined;
}

/** Which attempt comes next, if any, after one that ended like this. */
export interface Verdict {
  exitCode: number;
  again: boolean;
}

/**
 * What attempt `attempt` of a task of this fate comes to. `mended`: an earlier one failed as a task that mends does,
 * so that the rule's change holds.
 */
export function verdict(fate: Fate, attempt: number, mended: boolean): Verdict {
  if (fate === 'mends' && mended) return { exitCode: 0, again: false };
  const most = { fine: 1, mends: MOST_ATTEMPTS, stubborn: STUBBORN_ATTEMPTS, hopeless: 1 }[fate];
  return { exitCode: EXIT_CODE[fate], again: attempt < most };
}

/**
 * Whether there is another attempt after one that an outage of the storage has spoilt. Where the command had run its
 * exit code counts before that, as its rules come first.
 */
export function spoiltIsTriedAgain(exitCode: number | undefined, attempt: number): boolean {
  return attempt < (exitCode === STUBBORN ? STUBBORN_ATTEMPTS : MOST_ATTEMPTS);
}

/** Uploads the inputs and makes the specifications. */
export async function prepareWork(stack: TestStack, plan: FaultPlan, tasks: number): Promise<Work[]> {
  const real = Math.max(20, Math.round(tasks / SIMULATED_PER_REAL));
  const fates = plan.fates(tasks + real);
  const simulatedFates = fates.slice(0, tasks);
  const realFates = fates.slice(tasks);
  const span = LONGEST_S - SHORTEST_S;
  const simulatedItems = simulatedFates.map((fate, n) => ({
    n,
    code: EXIT_CODE[fate],
    seconds: SHORTEST_S + ((n * 37) % 100) * (span / 100),
  }));
  const realItems = realFates.flatMap((fate, task) => numbersOf(task).map((n) => ({ n, fate })));
  await stack.upload(INPUTS, 'simulated.jsonl', lines(simulatedItems));
  await stack.upload(INPUTS, 'real.jsonl', lines(realItems));
  await stack.upload(PROGRAMS, 'compute/compute.sh', PROGRAM);
  return [simulatedWork(simulatedFates), realWork(realFates)];
}

function simulatedWork(fates: Fate[]): Work {
  return {
    name: 'simulated',
    fates,
    usesStorage: false,
    output: () => undefined,
    spec: {
      input: { kind: 'manifest', container: INPUTS, blob: 'simulated.jsonl' },
      task: {
        commandLine: 'simulated',
        environment: { SIMULATED_EXIT_CODE: '{{item.code}}', SIMULATED_DURATION: '{{item.seconds}}' },
        timeout: 'PT5M',
      },
      pool: {
        vmSizes: ['simulated_d2s_v3'],
        nodes: { max: Math.max(30, Math.ceil(fates.length / 100)), spotPercent: 50 },
        slotsPerNode: SLOTS_PER_NODE,
      },
      execution: executionOf(fates),
    },
  };
}

function realWork(fates: Fate[]): Work {
  return {
    name: 'real',
    fates,
    usesStorage: true,
    output: (task) => `${task},${numbersOf(task).reduce((sum, n) => (sum * 31 + n) % 1_000_003, 0)}\n`,
    spec: {
      input: { kind: 'manifest', container: INPUTS, blob: 'real.jsonl' },
      batching: { maxItemsPerTask: ITEMS_PER_TASK },
      task: {
        commandLine: '/bin/sh compute.sh',
        program: [{ container: PROGRAMS, prefix: 'compute/' }],
        outputs: [{ pattern: 'out.csv', when: 'success' }],
        timeout: 'PT5M',
      },
      pool: {
        vmSizes: ['standard_d2s_v3'],
        nodes: { max: 3, spotPercent: 67 },
        slotsPerNode: 2,
      },
      execution: executionOf(fates),
      gather: { kind: 'concat', file: 'out.csv', target: 'all.csv' },
    },
  };
}

/** Not one failure more is tolerated than there have to be. */
function executionOf(fates: Fate[]): NonNullable<JobSpec['execution']> {
  const backoff = { initial: 'PT1S', coefficient: 1 };
  return {
    toleratedFailures: { count: fates.filter((fate) => fate === 'stubborn' || fate === 'hopeless').length },
    retryRules: [
      {
        on: { exitCodes: [MENDS] },
        attempts: MOST_ATTEMPTS,
        backoff,
        change: { environment: { MENDED: '1', SIMULATED_EXIT_CODE: '0' } },
      },
      { on: { exitCodes: [STUBBORN] }, attempts: STUBBORN_ATTEMPTS, backoff },
      { on: { categories: ['staging', 'upload'] }, attempts: MOST_ATTEMPTS, backoff },
    ],
  };
}

function numbersOf(task: number): number[] {
  return Array.from({ length: ITEMS_PER_TASK }, (_, k) => task * ITEMS_PER_TASK + k);
}

function lines(items: object[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}
