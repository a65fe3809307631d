import type { Notice } from '../schema/validate';
import type { Log } from '../util/log';
import { FIELDS } from './fields';

const key = (model: string, property: string): string => `${model}.${property}`;

const reasons = new Map<string, string>();
for (const { models, fields } of FIELDS) {
  for (const { names, note = '' } of fields.filter(({ told }) => told)) {
    for (const model of models) for (const name of names) reasons.set(key(model, name), note);
  }
}

/** Why a property has not the effect that it has on the service, where users would miss it. */
export function inertReason(model: string, property: string): string | undefined {
  return reasons.get(key(model, property));
}

/** Tells of each property without effect once, when it is first used for more than to say its default. */
export function inertNotes(log: Log): Notice {
  const told = new Set<string>();
  return (model, { name, inert }, value) => {
    if (told.has(name) || value === false || value === 'nonadmin' || (Array.isArray(value) && value.length === 0))
      return;
    told.add(name);
    log(`${name} of ${model} has no effect in the emulator: ${inert}`);
  };
}
