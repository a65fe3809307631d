import type { Journal } from '../store/journal';
import { resourceRecord } from '../store/records';
import type { StoredRecord } from '../store/store';
import type { Micros } from '../util/time';

/** The few resources of one kind that an account has, by case-insensitive id; each change goes to the journal whole. */
export class ResourceTable<T extends { modified: Micros }> {
  private readonly entries = new Map<string, T>();

  constructor(
    private readonly kind: string,
    private readonly journal: Journal,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(id: string): T | undefined {
    return this.entries.get(id.toLowerCase());
  }

  values(): T[] {
    return [...this.entries.values()];
  }

  set(id: string, value: T): T {
    this.entries.set(id.toLowerCase(), value);
    this.journal.resource(this.kind, id.toLowerCase(), value);
    return value;
  }

  delete(id: string): void {
    this.entries.delete(id.toLowerCase());
    this.journal.resource(this.kind, id.toLowerCase(), undefined);
  }

  /** Takes in what the journal says, if it is about this kind. */
  restore(record: StoredRecord): void {
    if (record['table'] !== this.kind) return;
    const id = record['id'] as string;
    if (record['value'] === undefined) this.entries.delete(id);
    else this.entries.set(id, record['value'] as unknown as T);
  }

  /** All of them as records of a snapshot. */
  *records(): Generator<StoredRecord> {
    for (const [id, value] of this.entries) yield resourceRecord(this.kind, id, value);
  }
}
