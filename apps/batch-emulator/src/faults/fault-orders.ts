import type { Model } from '../model';
import { poolOf } from '../model/world';
import type { FaultRules, ListedFault } from './fault-rules';
import { isStrike, type FaultRule } from './kinds';
import { NodeStrikes } from './node-strikes';
import { parseRule, RuleError } from './parse-rule';

export type AcceptedFault = Omit<ListedFault, 'nodes'> & { nodes?: string[] };

/** Takes orders for faults, from the admin path and from scenarios. */
export class FaultOrders {
  private readonly strikes: NodeStrikes;

  constructor(
    private readonly model: Model,
    readonly rules: FaultRules,
    /** In lower case. */
    private readonly operations: ReadonlySet<string>,
  ) {
    this.strikes = new NodeStrikes(model, rules);
  }

  /** Reads one rule or a list of them; nothing is ordered unless all of them make sense. */
  read(value: unknown, at = ''): FaultRule[] {
    if (!Array.isArray(value)) return [parseRule(value, at, this.operations)];
    return value.map((rule, index) => parseRule(rule, `${at}[${index}]`, this.operations));
  }

  /** What was ordered, with the nodes of those that have struck already. */
  order(rules: readonly FaultRule[]): AcceptedFault[] {
    for (const rule of rules) this.checkPool(rule);
    return rules.map((rule) => {
      const fault = this.rules.add(rule);
      const nodes = isStrike(rule) ? this.strikes.begin(fault) : undefined;
      const listed = this.rules.get(fault.id) as ListedFault;
      return nodes ? { ...listed, nodes } : listed;
    });
  }

  /** What strikes at once needs its pool now. */
  private checkPool(rule: FaultRule): void {
    const { poolId, perHour, afterSeconds = 0 } = rule;
    if (!isStrike(rule) || perHour !== undefined || afterSeconds > 0) return;
    if (poolId === undefined || poolId.includes('*') || poolOf(this.model.world, poolId)) return;
    throw new RuleError('poolId', `there is no pool '${poolId}'`);
  }
}
