import type { RateLimit } from './access-config';

export interface Taken {
  granted: boolean;
  /** Whole requests that are left. */
  remaining: number;
  /** Until the bucket is full again. Seconds. */
  reset: number;
  /** Until the next request is granted. Seconds, at least 1. */
  retryAfter: number;
}

const MAX_BUCKETS = 50_000;

/** Token buckets by name: `burst` requests at once, refilled with `perSecond`. In this process only. */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly limit: RateLimit) {}

  take(name: string): Taken {
    const { perSecond, burst } = this.limit;
    const now = Date.now();
    const tokens = this.tokensOf(name, now);
    const granted = tokens >= 1;
    const left = granted ? tokens - 1 : tokens;
    if (this.buckets.size >= MAX_BUCKETS) this.prune(now);
    this.buckets.set(name, { tokens: left, at: now });
    return {
      granted,
      remaining: Math.floor(left),
      reset: Math.ceil((burst - left) / perSecond),
      retryAfter: Math.max(1, Math.ceil((1 - left) / perSecond)),
    };
  }

  private tokensOf(name: string, now: number): number {
    const { perSecond, burst } = this.limit;
    const known = this.buckets.get(name);
    return known ? Math.min(burst, known.tokens + (Math.max(0, now - known.at) / 1000) * perSecond) : burst;
  }

  /** A full bucket is as good as none. */
  private prune(now: number): void {
    for (const name of this.buckets.keys()) if (this.tokensOf(name, now) >= this.limit.burst) this.buckets.delete(name);
    if (this.buckets.size >= MAX_BUCKETS) this.buckets.clear();
  }
}
