/** The recorded part of a wave: rebuilt from the ledger in Blob, so that a new worker goes on where the last one died. */
import type { Storage } from '@windrow/storage';
import { Bitmap, Ledger } from '@windrow/storage';
import type { JobInput, LedgerEntry } from '@windrow/contract';
import { jobPaths, workspaceContainer } from '@windrow/contract';
import { durationOf } from './outcome';
import type { WaveTotals } from './wave-types';

/** How much of stderr a ledger line carries. Bytes. */
const TAIL_BYTES = 2048;
/** Failures of a wave whose stderr is fetched; later ones have it in their logs all the same. */
const MAX_TAILS = 1000;
const TAIL_CONCURRENCY = 8;

export class WaveLedger {
  /** Tasks with an outcome. */
  size = 0;
  private readonly recorded = new Bitmap();
  private readonly failures = new Bitmap();
  readonly totals: WaveTotals = { succeeded: 0, failed: 0, final: 0, nodeSeconds: 0 };
  private readonly ledger: Ledger;
  private readonly container: string;

  private constructor(
    private readonly storage: Storage,
    private readonly input: JobInput,
    private readonly wave: string,
    private readonly isFinal: (failure: LedgerEntry) => boolean,
  ) {
    this.container = workspaceContainer(input.workspace);
    this.ledger = new Ledger(storage.blobs, this.container, input.uid);
  }

  /** @param isFinal whether a failure's task gets no further attempt; all are, where nobody asks */
  static async open(
    storage: Storage,
    input: JobInput,
    wave: string,
    isFinal: (failure: LedgerEntry) => boolean = () => true,
  ): Promise<WaveLedger> {
    const opened = new WaveLedger(storage, input, wave, isFinal);
    for await (const entry of opened.ledger.read(wave)) opened.count(entry);
    return opened;
  }

  /** Writes what is new among `entries`; returns how many that were. */
  async record(entries: LedgerEntry[]): Promise<number> {
    const fresh = entries.filter((entry) => !this.recorded.has(entry.task));
    if (fresh.length === 0) return 0;
    await this.addTails(fresh);
    await this.ledger.append(this.wave, fresh);
    for (const entry of fresh) this.count(entry);
    return fresh.length;
  }

  stateOf(task: number): 'succeeded' | 'failed' | 'unfinished' {
    if (!this.recorded.has(task)) return 'unfinished';
    return this.failures.has(task) ? 'failed' : 'succeeded';
  }

  private count(entry: LedgerEntry): void {
    if (!this.recorded.add(entry.task)) return;
    this.size += 1;
    if (entry.outcome === 'succeeded') this.totals.succeeded += 1;
    else {
      this.failures.add(entry.task);
      this.totals.failed += 1;
      if (this.isFinal(entry)) this.totals.final += 1;
    }
    this.totals.nodeSeconds += durationOf(entry) / 1000;
  }

  private async addTails(entries: LedgerEntry[]): Promise<void> {
    const wanted = entries
      .filter((entry) => entry.outcome === 'failed' && entry.startTime !== undefined)
      .slice(0, Math.max(0, MAX_TAILS - this.totals.failed));
    const next = wanted[Symbol.iterator]();
    const fetchTails = async () => {
      for (const entry of next) {
        const blob = `${jobPaths(this.input.uid).taskLogs(entry.task, this.wave)}/stderr.txt`;
        const tail = await this.storage.blobs.readTail(this.container, blob, TAIL_BYTES);
        if (tail) entry.stderrTail = tail;
      }
    };
    await Promise.all(Array.from({ length: TAIL_CONCURRENCY }, fetchTails));
  }
}
