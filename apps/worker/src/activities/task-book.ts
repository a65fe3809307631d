/** What the waves so far have made of each task, from the ledger: some bytes a task. */
import type { LedgerEntry, RetryRule } from '@windrow/contract';
import { retryingRule } from './retry-rules';

const PENDING = 0;
const SUCCEEDED = 1;
const FAILED = 2;
const RETRY = 3;
const SKIPPED = 4;
const STATES = ['pending', 'succeeded', 'failed', 'retry', 'skipped'] as const;

/** `skipped`: never run, and not of this run. */
type TaskState = (typeof STATES)[number];

/** What decides on the tasks of a wave. */
export interface TaskStates {
  readonly tasks: number;
  stateOf(task: number): TaskState;
  attemptsOf(task: number): number;
  /** Attempts in the runs before a redrive. */
  earlierOf(task: number): number;
  rulesOf(task: number): number[];
}

export class TaskBook implements TaskStates {
  private readonly states: Uint8Array;
  private attempts: Uint16Array;
  private earlier: Uint16Array | undefined;
  /** Position in `histories` of the rules a task's failures matched. */
  private readonly matched: Uint16Array;
  private readonly histories: number[][] = [[]];
  private readonly known = new Map<string, number>([['', 0]]);

  /** @param tasks number of planned tasks */
  constructor(
    readonly tasks: number,
    private readonly rules: RetryRule[],
  ) {
    this.states = new Uint8Array(tasks);
    this.attempts = new Uint16Array(tasks);
    this.matched = new Uint16Array(tasks);
  }

  /** Takes the outcome of an attempt; waves in their order. Returns the rule that gives the task another one. */
  add(entry: LedgerEntry): RetryRule | undefined {
    const { task } = entry;
    if (task >= this.tasks) return undefined;
    this.attempts[task]! += 1;
    if (entry.outcome === 'succeeded') this.states[task] = SUCCEEDED;
    if (this.states[task] === SUCCEEDED) return undefined;
    const rule = retryingRule(this.rules, entry, this.attempts[task]!);
    this.states[task] = rule ? RETRY : FAILED;
    if (rule?.change) this.note(task, this.rules.indexOf(rule));
    return rule;
  }

  /** What was taken so far is of the runs before a redrive, which runs the tasks `chosen` and leaves the others. */
  beginRun(chosen: { has(task: number): boolean }): void {
    for (let task = 0; task < this.tasks; task += 1) {
      const pending = this.states[task] === PENDING;
      if (chosen.has(task)) this.states[task] = PENDING;
      else if (pending) this.states[task] = SKIPPED;
      else if (this.states[task] === RETRY) this.states[task] = FAILED;
    }
    this.earlier = this.attempts;
    this.attempts = new Uint16Array(this.tasks);
    this.matched.fill(0);
  }

  attemptsOf(task: number): number {
    return this.attempts[task]!;
  }

  earlierOf(task: number): number {
    return this.earlier?.[task] ?? 0;
  }

  /** Positions of the rules with a change that its failures matched, the latest last. */
  rulesOf(task: number): number[] {
    return this.histories[this.matched[task]!]!;
  }

  stateOf(task: number): TaskState {
    return STATES[this.states[task]!]!;
  }

  /** Tasks share histories, which are few. A rule that matches again moves to the end. */
  private note(task: number, position: number): void {
    const history = [...this.rulesOf(task).filter((other) => other !== position), position];
    const key = history.join();
    let at = this.known.get(key);
    if (at === undefined) {
      at = this.histories.push(history) - 1;
      this.known.set(key, at);
    }
    this.matched[task] = at;
  }
}
