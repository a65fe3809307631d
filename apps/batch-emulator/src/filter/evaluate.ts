import type { Filter, Literal, Operator } from './ast';
import { FilterSyntaxError } from './lexer';
import type { Micros } from '../util/time';

/** What a property holds: times as `{ time }`, so that a number never passes for one. */
export type PropertyValue = Literal | undefined;

type Kind = 'text' | 'state' | 'number' | 'flag' | 'time';

/** A property, and what it is compared with. */
export interface Property<T> {
  readonly kind: Kind;
  readonly read: (item: T) => PropertyValue;
}

/** The filterable properties of a kind of resource. */
export type Properties<T> = Readonly<Record<string, Property<T>>>;

type Read<T, V> = (item: T) => V | undefined;

export const text = <T>(read: Read<T, string>): Property<T> => ({ kind: 'text', read });
/** Has no order, unlike other texts. */
export const state = <T>(read: Read<T, string>): Property<T> => ({ kind: 'state', read });
export const number = <T>(read: Read<T, number>): Property<T> => ({ kind: 'number', read });
export const flag = <T>(read: Read<T, boolean>): Property<T> => ({ kind: 'flag', read });
export const time = <T>(read: Read<T, Micros>): Property<T> => ({
  kind: 'time',
  read: (item) => {
    const value = read(item);
    return value === undefined ? undefined : { time: value };
  },
});

const LITERALS: Readonly<Record<Kind, string>> = {
  text: 'string',
  state: 'string',
  number: 'number',
  flag: 'boolean',
  time: 'object',
};

/** Turns a filter into a test. Unknown properties and literals of another type are refused right away. */
export function compileFilter<T>(filter: Filter, properties: Properties<T>): (item: T) => boolean {
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [compileFilter(filter.left, properties), compileFilter(filter.right, properties)];
      return (item) => left(item) && right(item);
    }
    case 'or': {
      const [left, right] = [compileFilter(filter.left, properties), compileFilter(filter.right, properties)];
      return (item) => left(item) || right(item);
    }
    case 'startswith': {
      const { read } = propertyOf(filter.property, '', properties);
      const prefix = filter.prefix.toLowerCase();
      return (item) => {
        const value = read(item);
        return typeof value === 'string' && value.toLowerCase().startsWith(prefix);
      };
    }
    case 'compare': {
      const { kind, read } = propertyOf(filter.property, filter.literal, properties);
      if (kind === 'state' && filter.operator !== 'eq' && filter.operator !== 'ne') {
        throw new FilterSyntaxError(`The operator '${filter.operator}' cannot be used with '${filter.property}'.`);
      }
      const test = comparer(filter.operator, filter.literal);
      return (item) => test(read(item));
    }
  }
}

function propertyOf<T>(name: string, literal: Literal, properties: Properties<T>): Property<T> {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!property) throw new FilterSyntaxError(`The property '${name}' cannot be used in a filter here.`);
  if (typeof literal !== LITERALS[property.kind]) {
    throw new FilterSyntaxError(`The property '${name}' cannot be compared with a literal of that type.`);
  }
  return property;
}

/** Something absent equals nothing and is neither greater nor less. */
function comparer(operator: Operator, literal: Literal): (value: PropertyValue) => boolean {
  const wanted = comparable(literal);
  return (value) => {
    if (value === undefined) return operator === 'ne';
    const actual = comparable(value);
    if (typeof actual !== typeof wanted) return operator === 'ne';
    switch (operator) {
      case 'eq':
        return actual === wanted;
      case 'ne':
        return actual !== wanted;
      case 'gt':
        return actual > wanted;
      case 'ge':
        return actual >= wanted;
      case 'lt':
        return actual < wanted;
      case 'le':
        return actual <= wanted;
    }
  };
}

/** Ids and states compare without regard to case, as ids do everywhere in Batch. */
function comparable(value: Literal): string | number | boolean {
  if (typeof value === 'object') return value.time;
  return typeof value === 'string' ? value.toLowerCase() : value;
}
