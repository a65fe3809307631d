import type { Journal } from '../../store/journal';
import type { Clock } from '../../util/clock';
import type { Micros } from '../../util/time';
import type { Pool } from './pool';
import { coresOf } from './vm-sizes';

export const USAGE_INTERVAL: Micros = 1_800_000_000;
const KEPT: Micros = 30 * 86_400_000_000;

/** "PoolUsageMetrics": what a pool used in one interval. It outlives the pool. */
export interface Usage {
  poolId: string;
  start: Micros;
  vmSize: string;
  /** Cores times microseconds. */
  coreTime: number;
}

/** What has been counted of a pool, and until when. */
export interface Meter {
  time: Micros;
  dedicatedCores: number;
  lowPriorityCores: number;
  /** Cores times microseconds, over the whole life of the pool. */
  dedicatedCoreTime: number;
}

/** Adds up the core hours of pools whenever their number of nodes changes. */
export class UsageLedger {
  private readonly usages = new Map<string, Usage>();

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** To be called after every change of the number of nodes, and before reading. */
  count(pool: Pool): void {
    const now = this.clock.now();
    const { meter } = pool;
    const cores = meter.dedicatedCores + meter.lowPriorityCores;
    meter.dedicatedCoreTime += meter.dedicatedCores * (now - meter.time);
    if (cores > 0) this.spread(pool, cores, meter.time, now);
    const perNode = coresOf(pool.spec.vmSize);
    meter.time = now;
    meter.dedicatedCores = perNode * pool.countNodes(true);
    meter.lowPriorityCores = perNode * pool.countNodes(false);
  }

  /** Before the end: what has not been counted yet would be lost. */
  countAll(pools: Iterable<Pool>): void {
    for (const pool of pools) {
      this.count(pool);
      this.journal.pool(pool);
    }
  }

  /** Intervals that are over and lie in the period; without a start the last such interval. */
  list(from: Micros | undefined, to: Micros | undefined): Usage[] {
    const end = Math.min(to ?? Number.POSITIVE_INFINITY, this.clock.now());
    const start = from ?? intervalOf(end) - USAGE_INTERVAL;
    return [...this.usages.values()]
      .filter((usage) => usage.start >= start && usage.start + USAGE_INTERVAL <= end)
      .sort((a, b) => a.start - b.start || (a.poolId < b.poolId ? -1 : 1));
  }

  all(): Iterable<Usage> {
    return this.usages.values();
  }

  restore(usage: Usage): void {
    this.usages.set(keyOf(usage), usage);
  }

  private spread(pool: Pool, cores: number, from: Micros, to: Micros): void {
    for (let start = intervalOf(Math.max(from, to - KEPT)); start < to; start += USAGE_INTERVAL) {
      const fresh: Usage = { poolId: pool.id, start, vmSize: pool.vmSizeSent, coreTime: 0 };
      const usage = this.usages.get(keyOf(fresh)) ?? fresh;
      usage.coreTime += cores * (Math.min(to, start + USAGE_INTERVAL) - Math.max(from, start));
      this.usages.set(keyOf(usage), usage);
      this.journal.usage(usage);
    }
    this.forget(to - KEPT);
  }

  /** They are in the order of their intervals, nearly. */
  private forget(before: Micros): void {
    for (const [key, usage] of this.usages) {
      if (usage.start >= before) return;
      this.usages.delete(key);
    }
  }
}

const intervalOf = (time: Micros): Micros => Math.floor(time / USAGE_INTERVAL) * USAGE_INTERVAL;

const keyOf = ({ poolId, start, vmSize }: Usage): string => `${poolId.toLowerCase()} ${start} ${vmSize}`;
