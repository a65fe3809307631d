/** Keeps what was asked for last; what was not asked for the longest goes. */
export class RecentlyUsed<K, V> {
  private readonly values = new Map<K, V>();

  constructor(private readonly limit: number) {}

  get(key: K, make: (key: K) => V): V {
    const known = this.values.get(key);
    const value = known ?? make(key);
    if (known !== undefined) this.values.delete(key);
    // A map keeps the order of setting.
    this.values.set(key, value);
    for (const oldest of this.values.keys()) {
      if (this.values.size <= this.limit) break;
      this.values.delete(oldest);
    }
    return value;
  }

  delete(key: K): void {
    this.values.delete(key);
  }
}
