import { jobPaths } from '@windrow/contract';
import type { LedgerEntry } from '@windrow/contract';
import { Bitmap } from './bitmap';
import type { BlobStore } from './blob-store';
import { AppendBlobFullError, BlobNotFoundError } from './errors';

/**
 * The outcomes of a job's attempts, one append blob a wave. Entries are written at least once and read once. An
 * append blob takes 50,000 appends; a wave that needs more goes on in `{wave}.1.jsonl`, `{wave}.2.jsonl`, ...
 */
export class Ledger {
  /** Part that is written to, by wave. */
  private readonly parts = new Map<string, number>();

  constructor(
    private readonly blobs: BlobStore,
    private readonly container: string,
    private readonly uid: string,
  ) {}

  /** Adds entries. Safe to repeat: the same (task, attempt) counts once. */
  async append(wave: string, entries: LedgerEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const text = `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
    for (;;) {
      const part = this.parts.get(wave) ?? 0;
      try {
        await this.blobs.appendText(this.container, this.blob(wave, part), text);
        return;
      } catch (error) {
        if (!(error instanceof AppendBlobFullError)) throw error;
        this.parts.set(wave, part + 1);
      }
    }
  }

  /** Entries of a wave, each (task, attempt) once; none when the wave has no ledger. Needs a bit for each task. */
  async *read(wave: string): AsyncGenerator<LedgerEntry> {
    const seen = new Map<number, Bitmap>();
    for (let part = 0; ; part += 1) {
      try {
        for await (const lines of this.blobs.readLineBatches(this.container, this.blob(wave, part))) {
          for (const line of lines) {
            if (line === '') continue;
            const entry = JSON.parse(line) as LedgerEntry;
            let tasks = seen.get(entry.attempt);
            if (!tasks) seen.set(entry.attempt, (tasks = new Bitmap()));
            if (tasks.add(entry.task)) yield entry;
          }
        }
      } catch (error) {
        if (error instanceof BlobNotFoundError) return;
        throw error;
      }
    }
  }

  /** Waves that have a ledger, by name: numbers first and in their order, then those of the reduction. */
  async waves(): Promise<string[]> {
    const { ledgerPrefix } = jobPaths(this.uid);
    const waves = new Set<string>();
    for await (const { name } of this.blobs.list(this.container, { prefix: ledgerPrefix })) {
      waves.add(name.slice(ledgerPrefix.length).replace(/(\.\d+)?\.jsonl$/, ''));
    }
    return [...waves].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  private blob(wave: string, part: number): string {
    const first = jobPaths(this.uid).ledger(wave);
    return part === 0 ? first : first.replace(/\.jsonl$/, `.${part}.jsonl`);
  }
}
