/** Counts what leases use of nodes, and when their budget is used up. Pure. */
import type { BudgetSpec, JobUsage } from '@windrow/contract';
import { slotsPerNode } from '@windrow/contract';
import type { ClusterData, Lease } from './cluster-data';

export interface UsageSum {
  dedicatedSeconds: number;
  spotSeconds: number;
  cost: number;
  currency?: string;
  /** Some of the time was on a VM size that has no price: the cost would be too low, and is not told. */
  unpriced?: boolean;
}

const NO_USAGE: UsageSum = { dedicatedSeconds: 0, spotSeconds: 0, cost: 0 };

/** The sum to go on with, of a job that had a lease before. */
export function usageFrom(used: JobUsage | undefined): UsageSum {
  if (!used) return { ...NO_USAGE };
  const { dedicatedNodeSeconds, spotNodeSeconds, cost } = used;
  return {
    dedicatedSeconds: dedicatedNodeSeconds,
    spotSeconds: spotNodeSeconds,
    cost: cost?.amount ?? 0,
    ...(cost ? { currency: cost.currency } : { unpriced: true }),
  };
}

/** Usage without a budget is told when it has doubled, from here on. Node-seconds. */
const FIRST_REPORT_S = 60;
const TENTHS = 10;

/**
 * Charges the time since the last call to the leases, at the nodes the cluster knows of. The watch reports every
 * change of their number, so that nothing is lost when a worker dies: the sum and the clock are the workflow's.
 * A pool of a job's own is all its job's. Of a shared one a lease pays for its slots, or, while the cluster has fewer
 * than were leased, for its part of them; nodes that nobody leased are charged to nobody.
 */
export function charge(data: ClusterData, now: number, ephemeral: boolean): void {
  const seconds = Math.max(0, now - (data.chargedAt ?? now)) / 1000;
  data.chargedAt = now;
  const { dedicated, spot } = data.status;
  const nodes = dedicated.current + spot.current;
  if (seconds === 0 || nodes === 0) return;
  const leased = data.leases.reduce((sum, lease) => sum + lease.slots, 0);
  const whole = Math.max(leased, nodes * slotsPerNode(data.template));
  for (const lease of data.leases) {
    const share = (ephemeral ? 1 : lease.slots / whole) * seconds;
    add(lease, dedicated.current * share, spot.current * share, data);
  }
}

function add({ usage }: Lease, dedicatedSeconds: number, spotSeconds: number, { price }: ClusterData): void {
  usage.dedicatedSeconds += dedicatedSeconds;
  usage.spotSeconds += spotSeconds;
  if (!price) {
    usage.unpriced = true;
    return;
  }
  usage.currency = price.currency;
  usage.cost += (dedicatedSeconds * price.dedicated + spotSeconds * price.spot) / 3600;
}

/** For people; `at` is the time of the counting. Undefined when nothing was used. */
export function usageOf({ usage }: Lease, at: number): JobUsage | undefined {
  const { dedicatedSeconds, spotSeconds, cost, currency, unpriced } = usage;
  if (dedicatedSeconds + spotSeconds === 0) return undefined;
  return {
    dedicatedNodeSeconds: Math.round(dedicatedSeconds),
    spotNodeSeconds: Math.round(spotSeconds),
    ...(currency !== undefined && !unpriced && { cost: { amount: Math.round(cost * 10_000) / 10_000, currency } }),
    updatedTime: new Date(at).toISOString(),
  };
}

/** In a sentence, what the budget was and what was used of it; undefined while there is something left. */
export function spentOf({ usage, budget }: Lease): string | undefined {
  if (!budget || partUsed(usage, budget) < 1) return undefined;
  const hours = nodeHours(usage);
  if (budget.nodeHours !== undefined && hours >= budget.nodeHours) {
    return `The job used ${round(hours)} of ${budget.nodeHours} node-hours.`;
  }
  return `The job used ${round(usage.cost)} of ${budget.cost} ${usage.currency ?? ''}`.trimEnd() + '.';
}

/** Goes up when the usage is to be told again: at each tenth of the budget, or, without one, at each doubling. */
export function usageStep({ usage, budget }: Lease): number {
  if (budget) return Math.min(TENTHS, Math.floor(partUsed(usage, budget) * TENTHS));
  const seconds = usage.dedicatedSeconds + usage.spotSeconds;
  return seconds < FIRST_REPORT_S ? 0 : 1 + Math.floor(Math.log2(seconds / FIRST_REPORT_S));
}

/** When, at the present rate, the usage of a lease is to be told next; undefined while none of them uses anything. */
export function nextReportAt(data: ClusterData, ephemeral: boolean): number | undefined {
  const times = data.leases.map((lease) => reportTime(data, lease, ephemeral)).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function reportTime(data: ClusterData, lease: Lease, ephemeral: boolean): number | undefined {
  const step = usageStep(lease);
  if (lease.budget && step >= TENTHS) return undefined;
  // What a second adds is found by charging one.
  const probe: ClusterData = {
    ...data,
    leases: data.leases.map((other) =>
      other === lease ? { ...other, usage: { ...other.usage } } : { ...other, usage: { ...NO_USAGE } },
    ),
    chargedAt: 0,
  };
  charge(probe, 1000, ephemeral);
  const after = probe.leases.find(({ leaseId }) => leaseId === lease.leaseId)!;
  const [have, more, goal] = lease.budget
    ? [partUsed(lease.usage, lease.budget), partUsed(after.usage, lease.budget), (step + 1) / TENTHS]
    : [seconds(lease.usage), seconds(after.usage), FIRST_REPORT_S * 2 ** step];
  if (more <= have) return undefined;
  return (data.chargedAt ?? 0) + Math.ceil(Math.max(1, (goal - have) / (more - have)) * 1000);
}

/** The larger part of the two limits that a budget may have; 1 is all of it. */
function partUsed(usage: UsageSum, { nodeHours: hours, cost }: BudgetSpec): number {
  return Math.max(hours ? nodeHours(usage) / hours : 0, cost ? usage.cost / cost : 0);
}

function seconds(usage: UsageSum): number {
  return usage.dedicatedSeconds + usage.spotSeconds;
}

function nodeHours(usage: UsageSum): number {
  return seconds(usage) / 3600;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
