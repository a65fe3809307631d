import {
  durationMs,
  type JobSpec,
  type NodesSpec,
  type PoolTemplate,
  type PriceList,
  ratesOf,
  slotsPerNode,
} from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Of two evaluations of a formula (Batch REST, Pool - Enable Auto Scale). */
const SHORTEST_INTERVAL = 'PT5M';
const LONGEST_INTERVAL = 'PT168H';

/** Rules that join several fields of a pool. `path` is the place of the pool in the body. */
export function templateErrors(template: PoolTemplate, path: string): FieldError[] {
  return [
    ...nodesErrors(template.nodes, `${path}.nodes`),
    ...formulaErrors(template, path),
    ...mountErrors(template, path),
  ];
}

/** No mount may lie at, above or below another one. */
function mountErrors({ mounts = [] }: PoolTemplate, path: string): FieldError[] {
  return mounts.flatMap((mount, n) => {
    const other = mounts
      .slice(0, n)
      .find((one) => `${mount.path}/`.startsWith(`${one.path}/`) || `${one.path}/`.startsWith(`${mount.path}/`));
    const message = `must not lie at, above or below that of another mount ('${other?.path}')`;
    return other ? [{ path: `${path}.mounts[${n}].path`, code: 'Conflict', message }] : [];
  });
}

export function nodesErrors(nodes: NodesSpec, path: string): FieldError[] {
  if ((nodes.min ?? 0) <= nodes.max) return [];
  return [{ path: `${path}.min`, code: 'OutOfRange', message: `must not be above max (${nodes.max})` }];
}

function formulaErrors({ autoscaleFormula, autoscaleInterval, nodes }: PoolTemplate, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (autoscaleInterval !== undefined) {
    const ms = durationMs(autoscaleInterval);
    if (autoscaleFormula === undefined) {
      const message = 'is of no use without autoscaleFormula';
      errors.push({ path: `${path}.autoscaleInterval`, code: 'Conflict', message });
    } else if (ms < durationMs(SHORTEST_INTERVAL) || ms > durationMs(LONGEST_INTERVAL)) {
      const message = `must be between ${SHORTEST_INTERVAL} and ${LONGEST_INTERVAL}`;
      errors.push({ path: `${path}.autoscaleInterval`, code: 'OutOfRange', message });
    }
  }
  if (autoscaleFormula === undefined) return errors;
  const message = 'is of no use with an autoscale formula, which sets $TargetLowPriorityNodes itself';
  for (const field of ['spotPercent', 'spotFallback'] as const) {
    if (nodes[field] !== undefined) errors.push({ path: `${path}.nodes.${field}`, code: 'Conflict', message });
  }
  return errors;
}

/** Why tasks of the job could never run on this pool: it would grow, and wait for ever. */
export function fitErrors(spec: JobSpec, template: PoolTemplate, path: string): FieldError[] {
  return [
    ...slotErrors(spec, slotsPerNode(template)),
    ...instanceErrors(spec, template, path),
    ...imageErrors(spec, template),
  ];
}

function slotErrors(spec: JobSpec, slots: number): FieldError[] {
  const tooLarge = (required: number | undefined, path: string): FieldError[] =>
    (required ?? 1) <= slots
      ? []
      : [{ path, code: 'TooManySlots', message: `must not be above the ${slots} slots of a node of this pool` }];
  return [
    ...tooLarge(spec.task.requiredSlots, '$.task.requiredSlots'),
    ...(spec.execution?.retryRules ?? []).flatMap(({ change }, n) =>
      tooLarge(change?.requiredSlots, `$.execution.retryRules[${n}].change.requiredSlots`),
    ),
    ...(spec.gather?.kind === 'reduce' ? tooLarge(spec.gather.requiredSlots, '$.gather.requiredSlots') : []),
  ];
}

/** Batch runs multi-instance tasks one a node, on nodes that reach each other (Batch docs, "Multi-instance tasks"). */
function instanceErrors({ task }: JobSpec, template: PoolTemplate, path: string): FieldError[] {
  if (task.instances === undefined) return [];
  const errors: FieldError[] = [];
  const refuse = (code: string, message: string) => errors.push({ path: '$.task.instances', code, message });
  const { max } = template.nodes;
  if (task.instances > max) refuse('TooManyInstances', `must not be above the ${max} nodes that this pool may have`);
  if (slotsPerNode(template) > 1) {
    refuse('SlotsPerNode', `needs a pool with one slot a node; ${path} has ${slotsPerNode(template)}`);
  }
  if (!template.interNodeCommunication) {
    refuse('NoInterNodeCommunication', `needs a pool with interNodeCommunication, which ${path} does not have`);
  }
  return errors;
}

function imageErrors({ task }: JobSpec, { containerImages = [] }: PoolTemplate): FieldError[] {
  const path = '$.task.container';
  if (!task.container) {
    if (containerImages.length === 0) return [];
    // Azure Batch: a pool with a container configuration takes tasks with container settings only.
    const message = 'is required on a pool with containerImages, whose nodes run nothing but containers';
    return [{ path, code: 'Required', message }];
  }
  // Images that were not fetched beforehand are fetched when a task starts, but only nodes made for containers can.
  if (containerImages.length > 0) return [];
  const message = 'needs a cluster with containerImages, or a pool of its own';
  return [{ path, code: 'NoContainers', message }];
}

/** A cost budget that nobody can count against. */
export function priceErrors(spec: JobSpec, { vmSizes }: PoolTemplate, prices: PriceList | undefined): FieldError[] {
  if (spec.execution?.budget?.cost === undefined) return [];
  const unknown = vmSizes.filter((size) => ratesOf(prices, size) === undefined);
  if (unknown.length === 0) return [];
  const message = `cannot be counted: this deployment has no price for ${unknown.join(', ')}. Give nodeHours instead, or add the price to its price list (WINDROW_PRICES)`;
  return [{ path: '$.execution.budget.cost', code: 'NoPrices', message }];
}
