import { FailureCategory } from '@windrow/contract';
import type { FailureGroup, LedgerEntry } from '@windrow/contract';

/** Examples kept of each group. */
const EXAMPLES = 3;
/** Groups reported: a row of the catalogue and a page have to hold them. */
const MAX_GROUPS = 20;

type Failure = Pick<LedgerEntry, 'task' | 'category' | 'code' | 'exitCode' | 'message' | 'stderrTail'>;

/** Counts failures by cause: category, code and exit code. */
export class FailureGroups {
  private readonly groups = new Map<string, FailureGroup>();

  add({ task, category = FailureCategory.service, code = 'Unknown', exitCode, message, stderrTail }: Failure): void {
    const key = `${category}|${code}|${exitCode ?? ''}`;
    let group = this.groups.get(key);
    if (!group) {
      group = { category, code, count: 0, examples: [], ...(exitCode !== undefined && { exitCode }) };
      this.groups.set(key, group);
    }
    group.count += 1;
    if (group.examples.length >= EXAMPLES) return;
    group.examples.push({
      task,
      ...(message !== undefined && { message }),
      ...(stderrTail !== undefined && { stderrTail }),
    });
  }

  /** The groups, the largest first; at most twenty. */
  list(): FailureGroup[] {
    return [...this.groups.values()].sort((a, b) => b.count - a.count).slice(0, MAX_GROUPS);
  }
}
