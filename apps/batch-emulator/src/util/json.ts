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
  let level = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

/** A copy without the named members. */
export function omit<T extends object, K extends keyof T>(value: T, ...names: K[]): Omit<T, K> {
  const copy = { ...value };
  for (const name of names) delete copy[name];
  return copy;
}
