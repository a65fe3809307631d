const BITS = 5;
const FULL = 0xffffffff;
const PROBES = 16;

/**
 * A set of whole numbers that finds the next number it lacks in a few steps, however long the run before it: a trie of
 * 32-bit words in which a bit of an upper level says that the word below is full.
 */
export class NumberSet {
  private readonly levels: Map<number, number>[] = [];

  add(value: number): void {
    for (let level = 0, at = value; ; level++, at >>>= BITS) {
      const words = (this.levels[level] ??= new Map<number, number>());
      const word = ((words.get(at >>> BITS) ?? 0) | (1 << (at & 31))) >>> 0;
      words.set(at >>> BITS, word);
      if (word !== FULL) return;
    }
  }

  delete(value: number): void {
    for (let level = 0, at = value; level < this.levels.length; level++, at >>>= BITS) {
      const words = this.levels[level];
      const word = words?.get(at >>> BITS);
      if (!words || word === undefined) return;
      words.set(at >>> BITS, (word & ~(1 << (at & 31))) >>> 0);
      // The words above only knew of this one while it was full.
      if (word !== FULL) return;
    }
  }

  has(value: number): boolean {
    const word = this.levels[0]?.get(value >>> BITS) ?? 0;
    return (word & (1 << (value & 31))) !== 0;
  }

  /**
   * Some number of the range that is not in the set, each as likely as any other unless few are left; nothing when all
   * are there.
   */
  someMissing(start: number, end: number): number | undefined {
    const first = this.nextMissing(start);
    if (first > end) return undefined;
    let tried = first;
    for (let attempt = 0; attempt < PROBES; attempt++) {
      tried = first + Math.floor(Math.random() * (end - first + 1));
      if (!this.has(tried)) return tried;
    }
    const next = this.nextMissing(tried);
    return next <= end ? next : first;
  }

  /** The smallest number from that one on that is not in the set. */
  nextMissing(from: number): number {
    let level = 0;
    let at = from;
    for (;;) {
      const found = this.zeroIn(level, at >>> BITS, at & 31);
      if (found >= 0) {
        at = (at >>> BITS) * 32 + found;
        break;
      }
      at = (at >>> BITS) + 1;
      level++;
    }
    for (; level > 0; level--) at = at * 32 + this.zeroIn(level - 1, at, 0);
    return at;
  }

  /** The first bit from a position on that is not set in the word; -1 when there is none. */
  private zeroIn(level: number, index: number, from: number): number {
    const word = this.levels[level]?.get(index) ?? 0;
    const zeros = (~word & (FULL << from)) >>> 0;
    return zeros === 0 ? -1 : 31 - Math.clz32(zeros & -zeros);
  }
}
