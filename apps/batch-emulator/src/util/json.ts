export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Drops absent members: the service leaves such properties out and never writes null. */
export function compact(fields: Record<string, unknown>): JsonObject {
  const result: JsonObject = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && value !== null) result[name] = value as Json;
  }
  return result;
}

/** Whether something is nested deeper than so many levels, told without going down with it. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  for (const name in members) if (levels === 0 || isDeeperThan(members[name], levels - 1)) return true;
  return false;
}

/** A copy without the named members. */
export function omit<T extends object, K extends keyof T>(value: T, ...names: K[]): Omit<T, K> {
  const copy = { ...value };
  for (const name of names) delete copy[name];
  return copy;
}
