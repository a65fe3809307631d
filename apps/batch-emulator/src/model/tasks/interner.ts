/**
 * Makes tasks share what they have in common. The tasks of a job mostly repeat each other; without this a million of
 * them would each keep a copy of the same command line, environment and SAS. A value is compared with the one before
 * it, member by member, and takes over every part that is equal: no hashing, and nothing is kept but the last value.
 */
export class Interner {
  private readonly last = new Map<string, unknown>();

  /** The value must not be in use elsewhere yet: parts of it are replaced in place. */
  share<T>(kind: string, value: T): T {
    const shared = reuse(this.last.get(kind), value) as T;
    this.last.set(kind, shared);
    return shared;
  }
}

function reuse(previous: unknown, value: unknown): unknown {
  // Equal strings are two copies until one of them is dropped here.
  if (previous === value) return previous;
  if (typeof value !== 'object' || value === null || typeof previous !== 'object' || previous === null) return value;
  if (Array.isArray(value) !== Array.isArray(previous)) return value;
  const members = value as Record<string, unknown>;
  const others = previous as Record<string, unknown>;
  const names = Object.keys(members);
  const fixed = Object.isFrozen(members);
  let same = names.length === Object.keys(others).length;
  for (const name of names) {
    const shared = reuse(others[name], members[name]);
    if (shared !== others[name]) same = false;
    if (shared !== members[name] && !fixed) members[name] = shared;
  }
  return same ? previous : value;
}
