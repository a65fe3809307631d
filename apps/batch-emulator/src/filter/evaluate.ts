import type { Filter, Literal, Operator } from './ast';
import { FilterSyntaxError } from './lexer';

/** What a property holds: times as `{ time }`, so that a number never passes for one. */
export type PropertyValue = Literal | undefined;

/** The filterable properties of a kind of resource. */
export type Properties<T> = Readonly<Record<string, (item: T) => PropertyValue>>;

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
      const read = reader(filter.property, properties);
      const prefix = filter.prefix.toLowerCase();
      return (item) => {
        const value = read(item);
        return typeof value === 'string' && value.toLowerCase().startsWith(prefix);
      };
    }
    case 'compare': {
      const read = reader(filter.property, properties);
      const test = comparer(filter.operator, filter.literal);
      return (item) => test(read(item));
    }
  }
}

function reader<T>(name: string, properties: Properties<T>): (item: T) => PropertyValue {
  const read = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!read) throw new FilterSyntaxError(`The property '${name}' cannot be used in a filter here.`);
  return read;
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
