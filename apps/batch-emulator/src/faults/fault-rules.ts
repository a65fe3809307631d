/** Faults that a rule can order; the request ones go by the operation they name. */
export type FaultKind =
  'reject' | 'loseResponse' | 'allocationFailure' | 'slowAllocation' | 'startTaskFailure' | 'unusableNode';

export interface FaultRule {
  kind: FaultKind;
  operation?: string;
  poolId?: string;
  vmSize?: string;
  /** reject: HTTP status and error code of the answer, and seconds to wait. */
  status?: number;
  code?: string;
  retryAfter?: number;
  /** How often it strikes; without end when left out. */
  times?: number;
  probability?: number;
  /** slowAllocation. */
  ms?: number;
  /** startTaskFailure. */
  exitCode?: number;
}

const matches = (wanted: string | undefined, actual: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === actual?.toLowerCase();

/** The faults ordered through the admin endpoint, consulted where each would strike. */
export class FaultRules {
  private rules: FaultRule[] = [];

  constructor(private readonly random: () => number = Math.random) {}

  add(rule: FaultRule): void {
    this.rules.push({ ...rule });
  }

  list(): readonly FaultRule[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /** The rule that strikes a node or a pool now, used up by one. */
  take(kind: FaultKind, poolId: string, vmSize?: string): FaultRule | undefined {
    return this.strike(
      (rule) => rule.kind === kind && matches(rule.poolId, poolId) && matches(rule.vmSize, vmSize ?? rule.vmSize),
    );
  }

  /** The rule that strikes a request now, used up by one. */
  takeRequest(kind: 'reject' | 'loseResponse', operation: string, poolId: string | undefined): FaultRule | undefined {
    return this.strike(
      (rule) => rule.kind === kind && matches(rule.operation, operation) && matches(rule.poolId, poolId),
    );
  }

  private strike(applies: (rule: FaultRule) => boolean): FaultRule | undefined {
    if (this.rules.length === 0) return undefined;
    const rule = this.rules.find(applies);
    if (!rule || (rule.probability !== undefined && this.random() >= rule.probability)) return undefined;
    if (rule.times !== undefined && --rule.times <= 0) this.rules = this.rules.filter((other) => other !== rule);
    return rule;
  }
}
