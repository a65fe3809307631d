import { batchError, invalidBody, invalidProperty } from '../errors';
import { formatDuration, parseDuration } from '../util/duration';
import { compact, isObject, type Json, type JsonObject } from '../util/json';
import { parseTime } from '../util/time';
import { entityName, modelOf, type ModelName, type Property } from './descriptor';

/** Is told of properties without effect. */
export type Notice = (model: string, property: Property, value: Json) => void;

const unnoticed: Notice = () => undefined;

/**
 * Checks a request body against its type and brings it to the form the service keeps: canonical enums and durations,
 * numbers for numeric strings (`az` sends those), nulls left out. Unknown properties are refused as the service does.
 * The body is changed in place: a copy of every part would be what adding tasks costs most.
 */
export function parseBody<T>(model: ModelName, body: unknown, notice: Notice = unnoticed): T {
  if (!isObject(body)) throw invalidBody('The request body is not a JSON object.');
  return object(model, body, notice) as T;
}

function object(model: string, source: JsonObject, notice: Notice): JsonObject {
  const shape = modelOf(model);
  if (!shape) return source;
  let hasGaps = false;
  for (const name in source) {
    const property = shape.properties.get(name);
    if (!property) {
      if (name.startsWith('odata.')) {
        delete source[name];
        continue;
      }
      throw invalidBody(
        `The property '${name}' does not exist on type '${entityName(model)}'. Make sure to only use property names that are defined by the type.`,
      );
    }
    const value = source[name];
    if (value === null || value === undefined) {
      hasGaps = true;
      continue;
    }
    const checked = member(property, value, notice);
    if (checked !== value) source[name] = checked;
    if (property.inert !== undefined) notice(model, property, checked);
  }
  for (const name of shape.required) {
    if (source[name] === undefined || source[name] === null) {
      throw batchError('MissingRequiredProperty', { PropertyName: name });
    }
  }
  return hasGaps ? compact(source) : source;
}

function member(property: Property, value: Json, notice: Notice): Json {
  if (!property.list) return scalar(property, value, notice);
  if (!Array.isArray(value)) throw invalidProperty(property.name, value, 'The property must be a list.');
  for (const [index, element] of value.entries()) {
    const checked = scalar(property, element, notice);
    if (checked !== element) value[index] = checked;
  }
  return value;
}

function scalar(property: Property, value: Json, notice: Notice): Json {
  const { name, type } = property;
  switch (type) {
    case 'any':
    case 'map':
      return value;
    case 'str':
      return text(name, value);
    case 'bool':
      return bool(name, value);
    case 'int':
    case 'num':
      return number(name, type, value);
    case 'dt':
      if (parseTime(text(name, value)) === undefined) throw invalidProperty(name, value, 'Not a date-time.');
      return value;
    case 'dur':
      return duration(name, value);
  }
  if (property.values) return choice(name, value, property.values);
  if (!isObject(value)) throw invalidProperty(name, value, 'The property must be an object.');
  return object(type, value, notice);
}

function text(name: string, value: Json): string {
  if (typeof value !== 'string') throw invalidProperty(name, value, 'The property must be a string.');
  return value;
}

function bool(name: string, value: Json): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalidProperty(name, value, 'The property must be a boolean.');
}

function number(name: string, type: 'int' | 'num', value: Json): number {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isFinite(parsed) || (type === 'int' && !Number.isInteger(parsed))) {
    throw invalidProperty(name, value, 'The property must be a number.');
  }
  return parsed;
}

function duration(name: string, value: Json): string {
  const millis = parseDuration(text(name, value));
  if (millis === undefined) throw invalidProperty(name, value, 'Not an ISO 8601 duration.');
  return formatDuration(millis);
}

function choice(name: string, value: Json, values: ReadonlyMap<string, string>): string {
  const known = values.get(text(name, value).toLowerCase());
  if (known === undefined) {
    throw invalidProperty(name, value, `The value must be one of ${[...values.values()].join(', ')}.`);
  }
  return known;
}
