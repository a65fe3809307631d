import { inertReason } from '../compatibility/inert-notes';
import { ENUMS } from './enums';
import { MODELS } from './models';

export type ModelName = keyof typeof MODELS;

export interface Property {
  name: string;
  list: boolean;
  /** `str`, `int`, `num`, `bool`, `dt`, `dur`, `map`, `any`, or the name of an enum or a model. */
  type: string;
  /** Why it has no effect, where users would miss it. */
  inert: string | undefined;
  /** Of an enum. */
  values: ReadonlyMap<string, string> | undefined;
}

export interface Model {
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly string[];
}

const models = new Map<string, Model>();
const enums = new Map<string, ReadonlyMap<string, string>>();

/** The properties of a request type, read once from its line in the table. */
export function modelOf(name: string): Model | undefined {
  const known = models.get(name);
  if (known) return known;
  const line = (MODELS as Record<string, string>)[name];
  if (line === undefined) return undefined;
  const properties = new Map<string, Property>();
  const required: string[] = [];
  for (const part of line.split(', ')) {
    const [left = '', right = ''] = part.split(':');
    const property: Property = {
      name: left.replace('!', ''),
      list: right.endsWith('[]'),
      type: right.replace('[]', ''),
      values: enumOf(right.replace('[]', '')),
      inert: inertReason(name, left.replace('!', '')),
    };
    properties.set(property.name, property);
    if (left.endsWith('!')) required.push(property.name);
  }
  const model = { properties, required };
  models.set(name, model);
  return model;
}

/** Lower-cased spelling to the one the service answers with. */
function enumOf(name: string): ReadonlyMap<string, string> | undefined {
  const known = enums.get(name);
  if (known) return known;
  const line = (ENUMS as Record<string, string>)[name];
  if (line === undefined) return undefined;
  const values = new Map(line.split('|').map((value) => [value.toLowerCase(), value]));
  enums.set(name, values);
  return values;
}

const ENTITY_NAMES: Record<string, string> = {
  BatchPoolCreateOptions: 'CloudPool',
  BatchPoolUpdateOptions: 'CloudPool',
  BatchJob: 'CloudJob',
  BatchJobCreateOptions: 'CloudJob',
  BatchJobUpdateOptions: 'CloudJob',
  BatchTask: 'CloudTask',
  BatchTaskCreateOptions: 'CloudTask',
};

/** How the service names a type in error messages. */
export function entityName(model: string): string {
  return `Microsoft.Azure.Batch.Protocol.Entities.${ENTITY_NAMES[model] ?? model.replace(/^Batch/, '')}`;
}
