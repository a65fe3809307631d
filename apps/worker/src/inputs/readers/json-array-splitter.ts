const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Cuts the text of a JSON array, given piece by piece, into the texts of its elements. It only counts brackets and
 * minds strings; whether an element is JSON is for its reader to find out.
 */
export class JsonArraySplitter {
  private state: 'before' | 'inside' | 'after' = 'before';
  /** Text of the element under way that earlier pieces held. */
  private rest: string[] = [];
  private restLength = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private elements = 0;

  constructor(private readonly maxLength: number) {}

  /** Elements that end within this piece. @throws SyntaxError */
  push(piece: string): string[] {
    const found: string[] = [];
    let start = 0;
    let at = 0;
    if (this.state === 'before') {
      at = this.opened(piece);
      start = at;
    }
    for (; at < piece.length && this.state === 'inside'; at += 1) {
      const code = piece.charCodeAt(at);
      if (this.inString) {
        this.withinString(code);
      } else if (code === QUOTE) {
        this.inString = true;
      } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        this.depth += 1;
      } else if (this.depth > 0) {
        if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) this.depth -= 1;
      } else if (code === COMMA || code === CLOSE_ARRAY) {
        this.take(piece.slice(start, at), code === CLOSE_ARRAY, found);
        start = at + 1;
      }
    }
    if (this.state === 'after') this.expectBlank(piece.slice(at));
    else this.keep(piece.slice(start));
    return found;
  }

  /** @throws SyntaxError unless the array was closed */
  end(): void {
    if (this.state === 'before') throw new SyntaxError('it is empty');
    if (this.state === 'inside') throw new SyntaxError('it ends before the array is closed');
  }

  /** Where the array's inside begins in this piece; its length when only blanks were seen. */
  private opened(piece: string): number {
    const at = piece.search(/[^\s\ufeff]/);
    if (at < 0) return piece.length;
    if (piece.charCodeAt(at) !== OPEN_ARRAY) throw new SyntaxError(`it begins with '${piece[at]}' instead of '['`);
    this.state = 'inside';
    return at + 1;
  }

  private withinString(code: number): void {
    if (this.escaped) this.escaped = false;
    else if (code === BACKSLASH) this.escaped = true;
    else if (code === QUOTE) this.inString = false;
  }

  private take(end: string, closes: boolean, found: string[]): void {
    const text = (this.rest.join('') + end).trim();
    this.rest = [];
    this.restLength = 0;
    if (closes) this.state = 'after';
    if (text !== '') {
      this.elements += 1;
      found.push(text);
    } else if (!closes || this.elements > 0) {
      throw new SyntaxError('there is nothing before a comma or the closing bracket');
    }
  }

  private keep(text: string): void {
    if (text === '' || this.state === 'before') return;
    this.rest.push(text);
    this.restLength += text.length;
    if (this.restLength > this.maxLength) {
      throw new SyntaxError(`an element is longer than ${this.maxLength} characters`);
    }
  }

  private expectBlank(text: string): void {
    if (text.trim() !== '') throw new SyntaxError('there is text after the array');
  }
}
