import type { DeallocationOption } from '../wire/types';
import { double, formatValue, text, type Value } from './values';

/** What a formula decides. */
export interface Targets {
  dedicated: number;
  lowPriority: number;
  option: DeallocationOption;
}

/** The variables after an evaluation, in the order of their first assignment. */
export interface Result {
  variables: ReadonlyMap<string, Value>;
  inForce: Targets;
}

export const OPTION = '$NodeDeallocationOption';
/** Full name first: it wins over the alias. */
const DEDICATED = ['$TargetDedicatedNodes', '$TargetDedicated'] as const;
const LOW_PRIORITY = ['$TargetLowPriorityNodes', '$TargetLowPriority'] as const;

/** The variables that a formula may set to some effect. */
export const RESULTS: ReadonlySet<string> = new Set([...DEDICATED, ...LOW_PRIORITY, OPTION]);

/** A target that the formula has not set reads as what is in force. */
export function targetOf(name: string, inForce: Targets): Value | undefined {
  if (DEDICATED.some((alias) => alias === name)) return double(inForce.dedicated);
  if (LOW_PRIORITY.some((alias) => alias === name)) return double(inForce.lowPriority);
  return name === OPTION ? text(inForce.option) : undefined;
}

/** What is to be in force now; targets that the formula leaves alone stay, the option does not. */
export function decided({ variables, inForce }: Result): Targets {
  const numberOf = (names: readonly string[], otherwise: number): number => {
    const value = variables.get(names.find((name) => variables.has(name)) ?? '');
    return value?.type === 'double' ? value.value : otherwise;
  };
  const option = variables.get(OPTION);
  return {
    dedicated: numberOf(DEDICATED, inForce.dedicated),
    lowPriority: numberOf(LOW_PRIORITY, inForce.lowPriority),
    option: option?.type === 'string' ? (option.value as DeallocationOption) : 'requeue',
  };
}

/** `name=value;...`: the three results always and first, an alias as it was written, then all other variables. */
export function formatResult(result: Result): string {
  return formatRun(decided(result), result.variables);
}

/** The same for a run that failed: what is in force, and no variables. */
export function formatRun(targets: Targets, variables: Result['variables'] = new Map()): string {
  const written = (names: readonly string[]): string => names.find((name) => variables.has(name)) ?? names[0] ?? '';
  const others = [...variables].filter(([name]) => !RESULTS.has(name));
  return [
    `${written(DEDICATED)}=${targets.dedicated}`,
    `${written(LOW_PRIORITY)}=${targets.lowPriority}`,
    `${OPTION}=${targets.option}`,
    ...others.map(([name, value]) => `${name}=${formatValue(value)}`),
  ].join(';');
}
