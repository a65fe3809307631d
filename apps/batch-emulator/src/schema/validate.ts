import { batchError, invalidBody, invalidProperty } from '../errors';
import { formatDuration, parseDuration } from '../util/duration';
import { isObject, type Json, type JsonObject } from '../util/json';
import { parseTime } from '../util/time';
import { entityName, enumOf, modelOf, type ModelName, type Property } from './descriptor';

/** Is told of properties without effect. */
export type Notice = (model: string, property: Property, value: Json) => void;

const unnoticed: Notice = () => undefined;

/**
 * Checks a request body against its type and brings it to the form the service keeps: canonical enums and durations,
 * numbers for numeric strings (`az` sends those), nulls left out. Unknown properties are refused as the service does.
 */
export function parseBody<T>(model: ModelName, body: unknown, notice: Notice = unnoticed): T {
  if (!isObject(body)) throw invalidBody('The request body is not a JSON object.');
  return object(model, body, notice) as T;
}

function object(model: string, source: JsonObject, notice: Notice): JsonObject {
  const properties = modelOf(model);
  if (!properties) return source;
  const result: JsonObject = {};
  for (const name in source) {
    const property = properties.get(name);
    if (!property) {
      if (name.startsWith('odata.')) continue;
      throw invalidBody(
        `The property '${name}' does not exist on type '${entityName(model)}'. Make sure to only use property names that are defined by the type.`,
      );
    }
    const value = source[name];
    if (value === null || value === undefined) continue;
    result[name] = member(property, value, notice);
    if (property.inert !== undefined) notice(model, property, result[name]);
  }
  for (const property of properties.values()) {
    if (property.required && result[property.name] === undefined) {
      throw batchError('MissingRequiredProperty', { PropertyName: property.name });
    }
  }
  return result;
}

function member(property: Property, value: Json, notice: Notice): Json {
  if (!property.list) return scalar(property, value, notice);
  if (!Array.isArray(value)) throw invalidProperty(property.name, value, 'The property must be a list.');
  return value.map((element) => scalar(property, element, notice));
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
  const values = enumOf(type);
  if (values) return choice(name, value, values);
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
