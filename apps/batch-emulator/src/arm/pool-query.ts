import type { RequestContext } from '../http/context';
import { isObject, type JsonObject } from '../util/json';

/** A `$filter` of management in the names of the Batch service: `properties/vmSize` is `vmSize`, `name` is `id`. */
export function poolFilter(request: RequestContext): RequestContext {
  const query = new Map(request.query);
  query.delete('$select');
  const filter = query.get('$filter');
  if (filter !== undefined) {
    const parts = filter.split("'");
    // Every second part is a literal.
    const translated = parts.map((part, at) => (at % 2 === 1 ? part : rename(part)));
    query.set('$filter', translated.join("'"));
  }
  return { ...request, query };
}

function rename(text: string): string {
  return text
    .replace(/\bproperties\/provisioningState\b/g, 'state')
    .replace(/\bproperties\//g, '')
    .replace(/\bname\b/g, 'id');
}

/** `$select=properties/vmSize,...`: what names the pool stays. */
export function selectProperties(request: RequestContext): (pool: JsonObject) => JsonObject {
  const text = request.query.get('$select');
  if (text === undefined) return (pool) => pool;
  const names = new Set(text.split(',').map((name) => name.trim().replace(/^properties\//, '')));
  return (pool) => {
    const properties = isObject(pool['properties']) ? pool['properties'] : {};
    const kept = Object.entries(properties).filter(([name]) => names.has(name) || names.has('properties'));
    return { ...pool, properties: Object.fromEntries(kept) };
  };
}
