import type { Clock } from '../util/clock';
import type { FaultKind, FaultRule, FaultTarget } from './kinds';
import { OrderedFault, type FaultPhase } from './ordered-fault';
import { seeded, type Random } from './random';

export interface ListedFault extends FaultRule {
  id: string;
  struck: number;
  phase: FaultPhase;
}

const MICROS = 1_000_000;

/** The faults that were ordered, consulted where each would strike. */
export class FaultRules {
  private readonly all = new Map<string, OrderedFault>();
  /** Those that may still strike: looking costs nothing where nothing was ordered. */
  private readonly pending = new Map<FaultKind, OrderedFault[]>();
  private count = 0;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly random: Random = Math.random,
  ) {}

  add(rule: FaultRule): OrderedFault {
    const { kind, afterSeconds = 0, forSeconds = Number.POSITIVE_INFINITY, seed } = rule;
    const from = this.clock.now() + afterSeconds * MICROS;
    const random = seed === undefined ? this.random : seeded(seed);
    const fault = new OrderedFault(`fault-${++this.count}`, rule, from, from + forSeconds * MICROS, random);
    this.all.set(fault.id, fault);
    this.pending.set(kind, [...(this.pending.get(kind) ?? []), fault]);
    return fault;
  }

  /** All that were ordered and not removed, also those that are over: how often they struck is worth knowing. */
  list(): ListedFault[] {
    return [...this.all.values()].map((fault) => this.describe(fault));
  }

  get(id: string): ListedFault | undefined {
    const fault = this.all.get(id);
    return fault && this.describe(fault);
  }

  /** Whether there was one. */
  remove(id: string): boolean {
    const fault = this.all.get(id);
    if (!fault) return false;
    this.end(fault);
    return this.all.delete(id);
  }

  clear(): void {
    for (const fault of this.all.values()) fault.ended = true;
    this.all.clear();
    this.pending.clear();
  }

  has(kind: FaultKind): boolean {
    return this.pending.has(kind);
  }

  /** The rule that strikes the target now, used up by one. */
  take(kind: FaultKind, target: FaultTarget): FaultRule | undefined {
    const faults = this.pending.get(kind);
    if (!faults) return undefined;
    return faults.find((fault) => fault.matches(target) && this.strikes(fault))?.rule;
  }

  strikes(fault: OrderedFault): boolean {
    const now = this.clock.now();
    const struck = fault.strikes(now);
    if (fault.phaseAt(now) === 'over') this.end(fault);
    return struck;
  }

  /** It stays in the list. */
  end(fault: OrderedFault): void {
    fault.ended = true;
    const { kind } = fault.rule;
    const left = (this.pending.get(kind) ?? []).filter((other) => other !== fault);
    if (left.length > 0) this.pending.set(kind, left);
    else this.pending.delete(kind);
  }

  private describe(fault: OrderedFault): ListedFault {
    return { id: fault.id, ...fault.rule, struck: fault.struck, phase: fault.phaseAt(this.clock.now()) };
  }
}
