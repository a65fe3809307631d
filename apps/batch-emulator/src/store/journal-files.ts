import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Names of the files of a journal: `snapshot-N` holds all that journals before `journal-N` say. */
export class JournalFiles {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  journal(number: number): string {
    return path.join(this.folder, `journal-${String(number).padStart(8, '0')}.jsonl`);
  }

  snapshot(number: number): string {
    return path.join(this.folder, `snapshot-${String(number).padStart(8, '0')}.jsonl`);
  }

  /** What to read: the snapshot, if there is one, then the journals in this order; and the number of the next journal. */
  toRead(): { snapshot: string[]; journals: string[]; next: number } {
    const names = readdirSync(this.folder);
    const base = Math.max(0, ...numbersOf(names, 'snapshot'));
    const numbers = numbersOf(names, 'journal').sort((a, b) => a - b);
    const journals = numbers.filter((number) => number >= base).map((number) => this.journal(number));
    const snapshot = base > 0 ? [this.snapshot(base)] : [];
    return { snapshot, journals, next: Math.max(base, ...numbers, 0) + 1 };
  }

  /** Removes what a snapshot has made superfluous. */
  removeBefore(number: number): void {
    const names = readdirSync(this.folder);
    for (const old of numbersOf(names, 'journal')) if (old < number) rmSync(this.journal(old), { force: true });
    for (const old of numbersOf(names, 'snapshot')) if (old < number) rmSync(this.snapshot(old), { force: true });
  }
}

function numbersOf(names: readonly string[], kind: 'journal' | 'snapshot'): number[] {
  const pattern = new RegExp(`^${kind}-(\\d+)\\.jsonl$`);
  return names
    .map((name) => pattern.exec(name)?.[1])
    .flatMap((digits) => (digits === undefined ? [] : [Number(digits)]));
}
