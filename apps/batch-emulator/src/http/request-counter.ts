/** How often each operation was asked for, for those who keep to a budget of requests. */
export class RequestCounter {
  private readonly counts = new Map<string, number>();

  count(operation: string): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
  }

  list(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.counts.clear();
  }
}
