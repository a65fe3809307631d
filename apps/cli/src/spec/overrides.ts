import { parse } from 'yaml';
import { CliError, reasonOf } from '../errors';
import { pathSteps } from './places';

export interface Override {
  /** As a JSON path. */
  path: string;
  steps: (string | number)[];
  value: unknown;
}

const FORM = /^\$?\.?([A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\]|\["[^"]*"\])*)=(.*)$/s;
/** A name that would reach what every object inherits. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * `path=value` of `--set`. The value is read as YAML, so that `5` is a number, `true` a truth value, `[a, b]` a list, and
 * `"5"` in quotes stays text; `null` removes what the file has.
 */
export function parseOverride(text: string): Override {
  const [, path, value] = FORM.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw new CliError(`'--set ${text}' is not of the form path=value.`, {
      next: 'Such as: --set execution.maxParallelTasks=50 --set input.blobs[0]=a.csv',
    });
  }
  const steps = pathSteps(`$.${path}`);
  if (steps.some((step) => FORBIDDEN.has(String(step)))) throw new CliError(`'--set ${text}' names no field.`);
  try {
    return { path: `$.${path}`, steps, value: value === '' ? '' : (parse(value) as unknown) };
  } catch (error) {
    const [reason] = reasonOf(error).split('\n');
    throw new CliError(`The value of '--set ${path}' cannot be read: ${reason}`, {
      next: `Put text into quotes: --set '${path}="..."'`,
    });
  }
}

/** A copy of the document with the values put in; objects on the way come into being, lists grow by one at most. */
export function withOverrides(document: unknown, overrides: readonly Override[]): unknown {
  const holder = { root: structuredClone(document) };
  for (const override of overrides) put(holder, ['root', ...override.steps], override);
  return holder.root;
}

type Container = Record<string | number, unknown>;

function put(holder: object, steps: readonly (string | number)[], { path, value }: Override): void {
  let here = holder as Container;
  steps.slice(0, -1).forEach((step, at) => {
    requireFit(here, step, path);
    const inside = here[step];
    if (inside === undefined || inside === null) here[step] = typeof steps[at + 1] === 'number' ? [] : {};
    else if (typeof inside !== 'object') throw new CliError(`'--set ${path}': there is a plain value on the way.`);
    here = here[step] as Container;
  });
  const last = steps.at(-1)!;
  requireFit(here, last, path);
  if (value === null && !Array.isArray(here)) delete here[last];
  else here[last] = value;
}

function requireFit(here: Container, step: string | number, path: string): void {
  const list = Array.isArray(here);
  const fits = list ? typeof step === 'number' && step <= here.length : typeof step === 'string';
  if (fits) return;
  const what = list ? `the list has ${here.length} entries; '${step}' is neither one nor the next` : 'it is no list';
  throw new CliError(`'--set ${path}' does not fit the file: ${what}.`);
}
