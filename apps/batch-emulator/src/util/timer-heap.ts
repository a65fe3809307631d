export interface Timer {
  cancel(): void;
}

interface Entry extends Timer {
  due: number;
  order: number;
  run: (() => void) | undefined;
}

/** A binary heap of callbacks by due time; cancelling is O(1), the entry is skipped when it surfaces. */
export class TimerHeap {
  private entries: Entry[] = [];
  private count = 0;
  private cancelled = 0;

  add(due: number, run: () => void): Timer {
    const entry: Entry = {
      due,
      order: this.count++,
      run,
      cancel: () => {
        if (entry.run === undefined) return;
        entry.run = undefined;
        this.cancelled++;
        if (this.cancelled > 1024 && this.cancelled > this.entries.length / 2) this.rebuild();
      },
    };
    this.entries.push(entry);
    this.up(this.entries.length - 1);
    return entry;
  }

  /** When the next live callback is due. */
  nextDue(): number | undefined {
    this.dropCancelled();
    return this.entries[0]?.due;
  }

  /** Takes the next callback if it is due. */
  takeDue(now: number): (() => void) | undefined {
    this.dropCancelled();
    const first = this.entries[0];
    if (!first || first.due > now) return undefined;
    this.removeFirst();
    const { run } = first;
    first.run = undefined;
    return run;
  }

  clear(): void {
    this.entries = [];
    this.cancelled = 0;
  }

  private dropCancelled(): void {
    while (this.entries.length > 0 && this.entries[0]?.run === undefined) {
      this.removeFirst();
      this.cancelled--;
    }
  }

  /** Long time limits of tasks that ended at once would otherwise pile up until they were due. */
  private rebuild(): void {
    const live = this.entries
      .filter((entry) => entry.run !== undefined)
      .sort((a, b) => a.due - b.due || a.order - b.order);
    this.entries = live;
    this.cancelled = 0;
  }

  private removeFirst(): void {
    const last = this.entries.pop();
    if (last && this.entries.length > 0) {
      this.entries[0] = last;
      this.down(0);
    }
  }

  private before(a: number, b: number): boolean {
    const left = this.entries[a] as Entry;
    const right = this.entries[b] as Entry;
    return left.due < right.due || (left.due === right.due && left.order < right.order);
  }

  private swap(a: number, b: number): void {
    const held = this.entries[a] as Entry;
    this.entries[a] = this.entries[b] as Entry;
    this.entries[b] = held;
  }

  private up(index: number): void {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private down(index: number): void {
    for (let at = index; ;) {
      const left = 2 * at + 1;
      if (left >= this.entries.length) return;
      const child = left + 1 < this.entries.length && this.before(left + 1, left) ? left + 1 : left;
      if (!this.before(child, at)) return;
      this.swap(at, child);
      at = child;
    }
  }
}
