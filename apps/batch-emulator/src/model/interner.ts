/** How many distinct values are remembered at once; unique ones pass through and are forgotten. */
const GENERATION = 512;
const LONGEST_KEY = 4096;

/**
 * Makes equal values share one object. The tasks of a job mostly repeat each other; without this a million of them would
 * each keep a copy of the same command line, environment and SAS. Memory for it is bounded: two generations of a cache.
 */
export class Interner {
  private young = new Map<string, unknown>();
  private old = new Map<string, unknown>();

  share<T>(value: T): T {
    if (typeof value === 'string') return value.length < 16 ? value : this.lookup(JSON.stringify(value), () => value);
    if (typeof value !== 'object' || value === null) return value;
    const key = JSON.stringify(value);
    return key.length > LONGEST_KEY ? this.shareMembers(value) : this.lookup(key, () => this.shareMembers(value));
  }

  private shareMembers<T extends object>(value: T): T {
    if (Array.isArray(value)) return (value as unknown[]).map((element) => this.share(element)) as unknown as T;
    const copy: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) copy[name] = this.share(member as unknown);
    return copy as T;
  }

  private lookup<T>(key: string, make: () => T): T {
    const found = this.young.get(key) ?? this.old.get(key);
    const shared = found === undefined ? make() : (found as T);
    if (!this.young.has(key)) {
      this.young.set(key, shared);
      if (this.young.size >= GENERATION) {
        this.old = this.young;
        this.young = new Map();
      }
    }
    return shared;
  }
}
