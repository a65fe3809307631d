/** What the waves so far have made of each task, from the ledger: some bytes a task. */
import type { LedgerEntry, RetryRule } from '@windrow/contract';
import { retryingRule } from './retry-rules';

const PENDING = 0;
const SUCCEEDED = 1;
const FAILED = 2;
const RETRY = 3;

export class TaskBook {
  private readonly states: Uint8Array;
  private readonly attempts: Uint8Array;
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
    this.attempts = new Uint8Array(tasks);
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

  attemptsOf(task: number): number {
    return this.attempts[task]!;
  }

  /** Positions of the rules with a change that its failures matched, the latest last. */
  rulesOf(task: number): number[] {
    return this.histories[this.matched[task]!]!;
  }

  stateOf(task: number): 'pending' | 'succeeded' | 'failed' | 'retry' {
    const state = this.states[task];
    if (state === PENDING) return 'pending';
    if (state === SUCCEEDED) return 'succeeded';
    return state === RETRY ? 'retry' : 'failed';
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
