import type { Micros } from '../util/time';
import { globTest } from './glob';
import type { FaultRule, FaultTarget } from './kinds';
import type { Random } from './random';

export type FaultPhase = 'waiting' | 'active' | 'over';

const SCOPES = ['operation', 'poolId', 'nodeId', 'jobId', 'taskId', 'vmSize'] as const;

/** A fault that was ordered, and what has come of it. */
export class OrderedFault {
  /** How often it has struck. */
  struck = 0;
  /** Nothing comes of it any more, for example because it was a single blow. */
  ended = false;
  private readonly tests: { scope: (typeof SCOPES)[number]; test: (name: string) => boolean }[] = [];

  constructor(
    readonly id: string,
    readonly rule: FaultRule,
    readonly from: Micros,
    readonly until: Micros,
    readonly random: Random,
  ) {
    for (const scope of SCOPES) {
      const pattern = rule[scope];
      if (pattern !== undefined) this.tests.push({ scope, test: globTest(pattern) });
    }
  }

  /** A name that the target does not have matches no pattern. */
  matches(target: FaultTarget): boolean {
    return this.tests.every(({ scope, test }) => {
      const name = target[scope];
      return name !== undefined && test(name);
    });
  }

  phaseAt(now: Micros): FaultPhase {
    const { times } = this.rule;
    if (this.ended || now >= this.until || (times !== undefined && this.struck >= times)) return 'over';
    return now < this.from ? 'waiting' : 'active';
  }

  /** Whether it strikes now, which is counted. */
  strikes(now: Micros): boolean {
    const { probability } = this.rule;
    if (this.phaseAt(now) !== 'active') return false;
    if (probability !== undefined && this.random() >= probability) return false;
    this.struck++;
    return true;
  }
}
