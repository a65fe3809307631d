/** The ledger of all waves, folded to one outcome a task: the latest attempt counts. */
import type { BlobStore } from '@windrow/storage';
import { Ledger } from '@windrow/storage';
import type { FailureGroup, LedgerEntry } from '@windrow/contract';

const EXAMPLES = 3;
const FAILED = 2;
const SUCCEEDED = 1;

/** Arrays over all tasks, so that a million of them fit in a few megabytes; whole entries only for failures. */
export class Outcomes {
  private readonly attempts: Uint16Array;
  private readonly outcome: Uint8Array;
  private readonly failures = new Map<number, LedgerEntry>();

  private constructor(readonly total: number) {
    this.attempts = new Uint16Array(total);
    this.outcome = new Uint8Array(total);
  }

  /** `onEntry` is called now and then, to heartbeat. Waves of a reduction are not tasks of the job. */
  static async read(
    blobs: BlobStore,
    container: string,
    uid: string,
    total: number,
    onEntry?: () => void,
  ): Promise<Outcomes> {
    const folded = new Outcomes(total);
    const ledger = new Ledger(blobs, container, uid);
    const waves = (await ledger.waves()).filter((wave) => !wave.startsWith('r'));
    let read = 0;
    for (const wave of waves) {
      for await (const entry of ledger.read(wave)) {
        folded.add(entry);
        if (++read % 10_000 === 0) onEntry?.();
      }
    }
    return folded;
  }

  stateOf(task: number): 'succeeded' | 'failed' | 'pending' {
    const code = this.outcome[task];
    return code === SUCCEEDED ? 'succeeded' : code === FAILED ? 'failed' : 'pending';
  }

  attemptsOf(task: number): number {
    return this.attempts[task] ?? 0;
  }

  failureOf(task: number): LedgerEntry | undefined {
    return this.failures.get(task);
  }

  counts(): { total: number; succeeded: number; failed: number; pending: number } {
    let succeeded = 0;
    for (const code of this.outcome) if (code === SUCCEEDED) succeeded += 1;
    const failed = this.failures.size;
    return { total: this.total, succeeded, failed, pending: this.total - succeeded - failed };
  }

  /** Failures by category, code and exit code, the largest group first. */
  groups(): FailureGroup[] {
    const groups = new Map<string, FailureGroup>();
    for (const entry of [...this.failures.values()].sort((a, b) => a.task - b.task)) {
      const { category = 'service', code = 'Unknown', exitCode } = entry;
      const key = `${category} ${code} ${exitCode}`;
      let group = groups.get(key);
      if (!group) {
        group = { category, code, ...(exitCode !== undefined && { exitCode }), count: 0, examples: [] };
        groups.set(key, group);
      }
      group.count += 1;
      if (group.examples.length < EXAMPLES) group.examples.push(exampleOf(entry));
    }
    return [...groups.values()].sort((a, b) => b.count - a.count);
  }

  private add(entry: LedgerEntry): void {
    const { task } = entry;
    if (task >= this.total) return;
    this.attempts[task]! += 1;
    this.outcome[task] = entry.outcome === 'succeeded' ? SUCCEEDED : FAILED;
    if (entry.outcome === 'failed') this.failures.set(task, entry);
    else this.failures.delete(task);
  }
}

function exampleOf({ task, message, stderrTail }: LedgerEntry): FailureGroup['examples'][number] {
  return {
    task,
    ...(message !== undefined && { message }),
    // Rows of the catalogue stay small: the whole tail is in FAILED_n.jsonl.
    ...(stderrTail !== undefined && { stderrTail: stderrTail.slice(-500) }),
  };
}
