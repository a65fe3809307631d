import { CallError } from './functions';
import type { MetricName } from './metrics';
import { SAMPLE_PERIOD_MS, type SampleHistory } from './samples';
import { asDouble, double, interval, timestamp, vector, type Value } from './values';

export interface SamplingContext {
  history: SampleHistory;
  /** Milliseconds since the epoch. */
  now: number;
}

/** "Obtaining methods" of a metric; `undefined` when there is no such method. */
export function obtain(
  metric: MetricName,
  method: string,
  args: readonly Value[],
  context: SamplingContext,
): Value | undefined {
  const { history, now } = context;
  switch (method) {
    case 'GetSample':
      return getSample(metric, args, context);
    case 'GetSamplePercent': {
      const { from, to } = period(args, now);
      return double(history.percent(from, to));
    }
    case 'GetSamplePeriod':
      return interval(SAMPLE_PERIOD_MS);
    case 'Count':
      return double(history.count);
    case 'HistoryBeginTime':
      return timestamp(history.begin ?? now);
    default:
      return undefined;
  }
}

/** By number, or by period with the percentage of samples that must be there for the evaluation to go on. */
function getSample(metric: MetricName, args: readonly Value[], { history, now }: SamplingContext): Value {
  const [first] = args;
  const count = first && asDouble(first);
  if (count !== undefined && args.length === 1) return vector(history.latest(metric, count));
  const last = args.at(-1);
  const wanted = args.length > 1 && last ? asDouble(last) : undefined;
  const { from, to } = period(wanted === undefined ? args : args.slice(0, -1), now);
  const there = history.percent(from, to);
  if (wanted !== undefined && there < wanted)
    throw new CallError(`Insufficient samples: ${there.toFixed(1)}% of those wanted are there, less than ${wanted}%`);
  return vector(history.between(metric, from, to));
}

/** One or two times, or intervals to look back, in either order. */
function period(args: readonly Value[], now: number): { from: number; to: number } {
  const times = args.map((value) => {
    if (value.type === 'timestamp') return value.value;
    if (value.type === 'timeinterval') return now - value.value;
    throw new CallError('A timestamp or timeinterval is wanted');
  });
  if (times.length < 1 || times.length > 2) throw new CallError('Wrong number of arguments');
  const [first = now, second = now] = times;
  return { from: Math.min(first, second), to: Math.max(first, second) };
}
