import type { MetricName } from './metrics';

/** How often metrics are sampled, and for how long samples are kept. */
export const SAMPLE_PERIOD_MS = 30_000;
const KEPT_MS = 24 * 3_600_000;
const MAX_SAMPLES = KEPT_MS / SAMPLE_PERIOD_MS;

export type Metrics = Readonly<Record<MetricName, number>>;

/** One look at all metrics of a pool. */
interface Sample {
  /** Milliseconds since the epoch. */
  time: number;
  metrics: Metrics;
}

/** The samples of a pool, oldest first. */
export class SampleHistory {
  private samples: Sample[] = [];

  get count(): number {
    return this.samples.length;
  }

  get begin(): number | undefined {
    return this.samples[0]?.time;
  }

  add(time: number, metrics: Metrics): void {
    this.samples.push({ time, metrics });
    // In one go now and then, because taking one from the front of a long array moves all the others.
    if (this.samples.length >= 2 * MAX_SAMPLES) this.samples = this.samples.slice(-MAX_SAMPLES);
  }

  latest(metric: MetricName, count: number): number[] {
    return count < 1 ? [] : this.samples.slice(-Math.trunc(count)).map((sample) => sample.metrics[metric]);
  }

  between(metric: MetricName, from: number, to: number): number[] {
    return this.inside(from, to).map((sample) => sample.metrics[metric]);
  }

  /** How many of the samples that the period should have are there. */
  percent(from: number, to: number): number {
    const expected = Math.floor((to - from) / SAMPLE_PERIOD_MS);
    if (expected < 1) return this.inside(from, to).length > 0 ? 100 : 0;
    return Math.min(100, (100 * this.inside(from, to).length) / expected);
  }

  private inside(from: number, to: number): Sample[] {
    return this.samples.filter(({ time }) => time >= from && time <= to);
  }
}
