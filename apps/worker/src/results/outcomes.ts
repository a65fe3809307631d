import { attemptOf } from '@windrow/contract';
import type { FailureGroup, LedgerEntry, ResultManifest } from '@windrow/contract';
import type { Ledger } from '@windrow/storage';
import { FailureGroups } from './failure-groups';

export type Outcome = 'succeeded' | 'failed' | 'pending';
type Failure = Omit<LedgerEntry, 'outcome' | 'attempt' | 'batchRetries'>;

const OUTCOMES: Outcome[] = ['pending', 'succeeded', 'failed'];
const PENDING = 0;
const SUCCEEDED = 1;
const FAILED = 2;

/**
 * What became of each task: succeeded if any attempt did, failed by its latest attempt otherwise, pending without
 * one. Takes three bytes for a task, and an entry for each that failed.
 */
export class JobOutcomes {
  private readonly states: Uint8Array;
  private readonly attempts: Uint16Array;
  private readonly failures = new Map<number, Failure & { attempt: number }>();
  private readonly texts = new Map<string, string>();

  /** @param tasks number of planned tasks */
  constructor(readonly tasks: number) {
    this.states = new Uint8Array(tasks);
    this.attempts = new Uint16Array(tasks);
  }

  /** Takes the outcome of an attempt; each (task, attempt) must come once, in any order. */
  add({ outcome, batchRetries: _, ...entry }: LedgerEntry): void {
    const { task } = entry;
    // A ledger cannot speak of tasks that were not planned; one that does is not to widen the result.
    if (task >= this.tasks) return;
    this.attempts[task]! += 1;
    if (outcome === 'succeeded') {
      this.states[task] = SUCCEEDED;
      this.failures.delete(task);
    } else if (this.states[task] !== SUCCEEDED && (this.failures.get(task)?.attempt ?? 0) <= entry.attempt) {
      this.states[task] = FAILED;
      this.failures.set(task, this.withSharedTexts(entry));
    }
  }

  outcomeOf(task: number): Outcome {
    return OUTCOMES[this.states[task]!]!;
  }

  attemptsOf(task: number): number {
    return this.attempts[task]!;
  }

  failureOf(task: number): Failure | undefined {
    return this.failures.get(task);
  }

  counts(): ResultManifest['counts'] {
    const counts = [0, 0, 0];
    for (const state of this.states) counts[state]! += 1;
    return { total: this.tasks, succeeded: counts[SUCCEEDED]!, failed: counts[FAILED]!, pending: counts[PENDING]! };
  }

  /** Tasks of an outcome, by index. */
  *tasksThat(outcome: Outcome): Generator<number> {
    for (let task = 0; task < this.tasks; task += 1) if (this.outcomeOf(task) === outcome) yield task;
  }

  failureGroups(): FailureGroup[] {
    const groups = new FailureGroups();
    for (const task of this.tasksThat('failed')) groups.add(this.failures.get(task)!);
    return groups.list();
  }

  /** Failures by the million say the same few things; each text is kept once. */
  private withSharedTexts<T extends Failure>(entry: T): T {
    for (const name of ['message', 'code', 'stderrTail'] as const) {
      const text = entry[name];
      if (text === undefined) continue;
      const shared = this.texts.get(text);
      if (shared === undefined) this.texts.set(text, text);
      else entry[name] = shared;
    }
    return entry;
  }
}

/** Reads the waves of a job's tasks (not those of a reduction) into one outcome a task. */
export async function foldLedger(ledger: Ledger, tasks: number, signal?: AbortSignal): Promise<JobOutcomes> {
  const outcomes = new JobOutcomes(tasks);
  for (const wave of await ledger.waves()) {
    if (attemptOf(wave) === undefined) continue;
    for await (const entry of ledger.read(wave)) outcomes.add(entry);
    signal?.throwIfAborted();
  }
  return outcomes;
}
