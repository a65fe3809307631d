/** What a job can take of nodes at most, for the dry run. Pure. */
import type { CostEstimate, JobSpec, PoolTemplate, PriceList } from '@windrow/contract';
import { completeTask, durationMs, ratesOf, slotsPerNode } from '@windrow/contract';

/**
 * An upper bound: every attempt of every task runs into its time limit, on nodes that are filled. Nodes that start,
 * stand idle or are half empty come on top, as do the tasks of a reduction; both are said.
 */
export function estimateOf(
  spec: JobSpec,
  tasks: number,
  template: PoolTemplate | undefined,
  prices: PriceList | undefined,
): CostEstimate | undefined {
  if (!template) return undefined;
  const { requiredSlots, timeout, retries } = completeTask(spec.task);
  const attempts = (retries + 1) * Math.max(1, ...(spec.execution?.retryRules ?? []).map((rule) => rule.attempts));
  const together = Math.max(1, Math.floor(slotsPerNode(template) / requiredSlots));
  const instances = spec.task.instances ?? 1;
  const hours = durationMs(timeout) / 3_600_000;
  const nodeHoursAtMost = round(Math.ceil(tasks / together) * instances * attempts * hours);
  const rate = hourlyRate(template, prices);
  const parts = [
    `${tasks} tasks of at most ${round(hours)} h`,
    ...(attempts > 1 ? [`${attempts} attempts each`] : []),
    ...(instances > 1 ? [`${instances} nodes each`] : [`${together} at once on a node`]),
    ...(rate === undefined ? [] : [`the dearest VM size of the pool`]),
  ];
  const beside = 'Time to start nodes, idle nodes and a reduction are not counted.';
  return {
    nodeHoursAtMost,
    ...(rate !== undefined && prices && { costAtMost: round(nodeHoursAtMost * rate), currency: prices.currency }),
    basis: `${parts.join(', ')}. ${beside}`,
  };
}

/** Of a node of the dearest size, at the pool's share of spot nodes; undefined when a size has no price. */
function hourlyRate(
  { vmSizes, nodes, autoscaleFormula }: PoolTemplate,
  prices: PriceList | undefined,
): number | undefined {
  // Dedicated nodes may stand in for spot ones, and a formula may want either.
  const certain = nodes.spotFallback !== 'dedicated' && autoscaleFormula === undefined;
  const spot = certain ? (nodes.spotPercent ?? 0) / 100 : 0;
  let dearest = 0;
  for (const size of vmSizes) {
    const rates = ratesOf(prices, size);
    if (!rates) return undefined;
    dearest = Math.max(dearest, rates.dedicated * (1 - spot) + rates.spot * spot);
  }
  return dearest;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
