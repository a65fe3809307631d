import { SampleHistory } from '../../autoscale';
import type { Micros } from '../../util/time';
import type { Timer } from '../../util/timer-heap';
import type { DeallocationOption, NamedValue } from '../../wire/types';

/** "AutoScaleRun": what an evaluation gave. */
export interface AutoScaleRun {
  timestamp: Micros;
  results: string;
  error?: { code: string; message: string; values: NamedValue[] };
}

/** What automatic scaling knows of a pool; the formula and the interval are in its specification. */
export class AutoScaleState {
  readonly history = new SampleHistory();
  /** The deallocation option that the last evaluation chose. */
  option: DeallocationOption = 'requeue';
  run: AutoScaleRun | undefined;
  enabledAt: Micros | undefined;
  /** The next evaluation. */
  timer: Timer | undefined;
}
