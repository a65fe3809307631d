export interface Numbered<T> {
  sequence: number;
  value: T;
}

/** The last so many values, numbered from 1; older ones fall out. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private count = 0;

  constructor(private readonly capacity: number) {}

  get last(): number {
    return this.count;
  }

  push(value: T): number {
    this.slots[this.count % this.capacity] = value;
    return ++this.count;
  }

  /** Values with a number above that one, oldest first. */
  since(sequence: number): Numbered<T>[] {
    const found: Numbered<T>[] = [];
    for (let at = Math.max(sequence, this.count - this.slots.length); at < this.count; at++) {
      found.push({ sequence: at + 1, value: this.slots[at % this.capacity] as T });
    }
    return found;
  }
}
