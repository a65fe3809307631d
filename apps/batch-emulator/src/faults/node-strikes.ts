import type { Model } from '../model';
import { targetOfNode } from '../model/fault-target';
import type { ComputeNode } from '../model/nodes/node';
import type { FaultRules } from './fault-rules';
import type { OrderedFault } from './ordered-fault';

/** How often recurring strikes look for victims, in emulated time. */
const TICK_MS = 60_000;
const TICKS_PER_HOUR = 60;

/** Faults that take nodes away: at once, after a while, or again and again. */
export class NodeStrikes {
  constructor(
    private readonly model: Model,
    private readonly faults: FaultRules,
  ) {}

  /** Sets the fault going; the ids of the nodes, where it has struck already. */
  begin(fault: OrderedFault): string[] | undefined {
    const { perHour, afterSeconds = 0 } = fault.rule;
    if (perHour !== undefined) {
      this.later(afterSeconds * 1000 + TICK_MS, fault, () => this.tick(fault, perHour));
      return undefined;
    }
    if (afterSeconds === 0) return this.blow(fault);
    this.later(afterSeconds * 1000, fault, () => this.whenActive(fault, () => this.blow(fault)));
    return undefined;
  }

  /** The clock gives no time twice, so that the fault's own beginning may lie a little behind that of its timer. */
  private whenActive(fault: OrderedFault, step: () => void): void {
    if (fault.phaseAt(this.model.world.clock.now()) !== 'waiting') return step();
    this.later(1, fault, () => this.whenActive(fault, step));
  }

  private later(delayMs: number, fault: OrderedFault, step: () => void): void {
    this.model.world.clock.after(delayMs, () => {
      if (!fault.ended) step();
    });
  }

  private blow(fault: OrderedFault): string[] {
    const { nodes, share } = fault.rule;
    let victims = this.eligible(fault);
    if (nodes) victims = victims.filter((node) => nodes.includes(node.id));
    if (share !== undefined) victims = shuffled(victims, fault.random).slice(0, Math.ceil(share * victims.length));
    const struck = this.strike(fault, victims);
    this.faults.end(fault);
    return struck;
  }

  private tick(fault: OrderedFault, perHour: number): void {
    const chance = 1 - Math.exp(-perHour / TICKS_PER_HOUR);
    const victims = this.eligible(fault).filter(() => fault.random() < chance);
    this.strike(fault, victims);
    if (fault.phaseAt(this.model.world.clock.now()) === 'over') return this.faults.end(fault);
    this.later(TICK_MS, fault, () => this.tick(fault, perHour));
  }

  private strike(fault: OrderedFault, victims: readonly ComputeNode[]): string[] {
    const { kind, state = 'unknown', downSeconds } = fault.rule;
    const struck = victims.filter(() => this.faults.strikes(fault));
    for (const node of struck) {
      if (kind === 'preempt') this.model.lifecycle.preempt(node);
      else this.model.lifecycle.lose(node, state, downSeconds === undefined ? undefined : downSeconds * 1000);
    }
    return struck.map((node) => node.id);
  }

  private eligible(fault: OrderedFault): ComputeNode[] {
    const isTakeable = (node: ComputeNode): boolean => node.isUp && (fault.rule.kind !== 'preempt' || !node.dedicated);
    return [...this.model.world.pools.values()].flatMap((pool) =>
      [...pool.nodes.values()].filter((node) => isTakeable(node) && fault.matches(targetOfNode(node))),
    );
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}
