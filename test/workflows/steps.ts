/** What the activities of a test do: the usual answers, and the unusual ways in which they end. */
import { heartbeat, cancelled as cancellation } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { JobPlan, JobRow, FailureType } from '@windrow/contract';
import { completeExecution, TERMINAL_FAILURES } from '@windrow/contract';
import type { Call, Steps } from './temporal-lab';

export const TASKS = 4;

/** A plan of four tasks on a named cluster; `more` overrides. */
export function plan(more: Partial<Omit<JobPlan, 'execution'>> & { execution?: object } = {}): JobPlan {
  const { execution, ...rest } = more;
  return {
    items: TASKS,
    tasks: TASKS,
    shards: 1,
    labels: {},
    requiredSlots: 1,
    dependencies: false,
    pool: { cluster: 'shared' },
    gather: { kind: 'manifest' },
    cleanup: { batchJob: 'delete', pool: 'delete', staged: 'delete', retention: 'P30D' },
    ...rest,
    execution: completeExecution(execution),
  };
}

export const RETRY_RULE = { on: {}, attempts: 3 };

/** A reduction of one level. */
export const REDUCE = { kind: 'reduce', commandLine: 'merge' } as const;

export const granted = (slots: number, grant = 1) => ({ state: 'granted', slots, poolId: 'pool', grant });
export const queued = (position = 1) => ({ state: 'queued', slots: 0, poolId: 'pool', position });

export const GATHERED = { counts: { total: TASKS, succeeded: TASKS, failed: 0, pending: 0 }, failures: [] };

export const outcome = (succeeded: number, failed = 0, end = 'complete', final = failed) => ({
  succeeded,
  failed,
  final,
  nodeSeconds: 1,
  end,
});

export const decision = (retry: number, more: object = {}) => ({
  retry,
  blob: retry > 0 ? 'list' : '',
  backoffMs: 0,
  slots: 1,
  failed: 0,
  blocked: 0,
  ...more,
});

/** All goes well. */
export function wellBehaved(jobPlan: JobPlan = plan()): Steps {
  return {
    planJob: () => jobPlan,
    acquireLease: () => granted(TASKS),
    renewLease: () => untilCancelled().catch(() => ({ claimed: false })),
    giveBackSlots: untilCancelled,
    releaseLease: () => ({}),
    watchWave: ({ tasks }) => outcome(tasks),
    decideRetries: () => decision(0),
    planReduce: () => ({ tasks: 1 }),
    explainFailure: () => 'exit code 1',
    gatherResults: () => GATHERED,
  };
}

/** Goes on until the workflow takes it back, as watches do. */
export async function untilCancelled(): Promise<never> {
  const beat = setInterval(() => heartbeat(), 50);
  return cancellation().finally(() => clearInterval(beat));
}

/** As {@link untilCancelled}, but its worker dies before it has said that it ends: it fails, by its time-out. */
export async function dyingWhenCancelled(): Promise<never> {
  return untilCancelled().catch(() => {
    throw ApplicationFailure.nonRetryable('the worker died', 'Timeout');
  });
}

/** As the interceptor of the activities fails: the type decides on retry. */
export function failing(type: FailureType, message = `it is ${type}`): () => never {
  return () => {
    throw ApplicationFailure.create({ type, message, nonRetryable: TERMINAL_FAILURES.includes(type) });
  };
}

/** Fails in its first `times` calls, then does as it is told. */
export function firstFailing<T>(times: number, type: FailureType, then: (input: T) => unknown): (input: T) => unknown {
  let left = times;
  return (input) => {
    if (left-- > 0) failing(type)();
    return then(input);
  };
}

/** Rows of the catalogue, in the order they were written. */
export function rowsOf(calls: Call[]): JobRow[] {
  return calls.filter(({ name }) => name === 'putJobRow').map(({ input }) => input as JobRow);
}

/** Names of the steps but for the rows, which come in between wherever they like, and the renewals beside them. */
export function stepsOf(calls: Call[]): string[] {
  return calls.map(({ name }) => name as string).filter((name) => name !== 'putJobRow' && name !== 'renewLease');
}
