import type { JobSpec, Json, JsonObject, TemplateScope } from '@windrow/contract';
import { InvalidInputError } from './errors';
import { MAX_ITEM_BYTES, itemOf } from './item';
import type { Item } from './item';
import { parseTemplate, templateValue } from './planning/templates';

/** Makes a value of a scope; constant parts of the mapping are made once. */
type Make = (scope: TemplateScope, number: number) => Json;

/**
 * Replaces each item by what `itemMapping` makes of it, before items are put together to tasks. A blob item keeps its
 * download, and counts with the blob's size. Without a mapping the items stay as they are.
 * @throws InvalidInputError `InvalidTemplate`, naming the item's number (from 1, of those that are planned) and the
 *   place in the mapping
 */
export async function* mapItems(
  items: AsyncIterable<Item[]>,
  { itemMapping, parameters = {} }: Pick<JobSpec, 'itemMapping' | 'parameters'>,
): AsyncGenerator<Item[]> {
  if (itemMapping === undefined) {
    yield* items;
    return;
  }
  const make = maker(itemMapping, '$.itemMapping');
  let itemIndex = 0;
  for await (const chunk of items) {
    yield chunk.map((item) => mapped(item, make, parameters, itemIndex++));
  }
}

function mapped(item: Item, make: Make, parameters: JsonObject, itemIndex: number): Item {
  const made = itemOf(make({ item: item.value, itemIndex, parameters }, itemIndex + 1));
  if (made.bytes > MAX_ITEM_BYTES) {
    const text = `Item ${itemIndex + 1} becomes ${made.bytes} bytes by the mapping; at most ${MAX_ITEM_BYTES} are possible. Map less of it.`;
    throw new InvalidInputError('InvalidTemplate', text, { path: '$.itemMapping' });
  }
  const { download, range } = item;
  if (!download && !range) return made;
  const { json, value } = made;
  return { json, value, bytes: item.bytes, ...(download && { download }), ...(range && { range }) };
}

function maker(mapping: Json, path: string): Make {
  if (typeof mapping === 'string') {
    const template = parseTemplate(mapping, path, { in: 'mapping' });
    return template ? (scope, number) => templateValue(template, scope, number) : () => mapping;
  }
  if (typeof mapping !== 'object' || mapping === null) return () => mapping;
  if (Array.isArray(mapping)) {
    const makers = mapping.map((entry, n) => maker(entry, `${path}[${n}]`));
    return (scope, number) => makers.map((make) => make(scope, number));
  }
  const makers = Object.entries(mapping).map(([name, entry]) => [name, maker(entry, `${path}.${name}`)] as const);
  return (scope, number) => Object.fromEntries(makers.map(([name, make]) => [name, make(scope, number)]));
}
