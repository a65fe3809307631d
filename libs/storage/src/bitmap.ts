/** A growing set of small non-negative integers: one bit each, where a Set would take some forty bytes. */
export class Bitmap {
  private words = new Uint32Array(1024);

  /** Adds a number; false when it was there. */
  add(value: number): boolean {
    const word = value >>> 5;
    const bit = (1 << (value & 31)) >>> 0;
    if (word >= this.words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.words.length * 2));
      grown.set(this.words);
      this.words = grown;
    }
    const before = this.words[word]!;
    this.words[word] = before | bit;
    return (before & bit) === 0;
  }

  has(value: number): boolean {
    return ((this.words[value >>> 5] ?? 0) & (1 << (value & 31))) !== 0;
  }
}
