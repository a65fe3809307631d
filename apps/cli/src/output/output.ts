import { stringify } from 'yaml';
import type { Io } from '../io';
import type { OutputFormat } from '../settings/settings';
import { type Style, styleOf } from './style';
import { type Column, table } from './table';

/** What a command says: results on standard output, everything about how it goes on standard error. */
export class Output {
  readonly style: Style;

  constructor(
    private readonly io: Pick<Io, 'out' | 'err'>,
    readonly format: OutputFormat,
    colour: boolean,
  ) {
    this.style = styleOf(colour);
  }

  /** The API's document as it is for programs, or for people what `render` makes of it. */
  document<T>(document: T, render: (document: T) => string): void {
    this.io.out.write(this.format === 'table' ? render(document) : this.asText(document));
  }

  /** As {@link document}, where several follow each other: a line of JSON each, or YAML documents. */
  oneOfMany<T>(document: T, render: (document: T) => string | undefined): void {
    if (this.format === 'json') this.io.out.write(`${JSON.stringify(document)}\n`);
    else if (this.format === 'yaml') this.io.out.write(`---\n${stringify(document)}`);
    else {
      const text = render(document);
      if (text !== undefined) this.io.out.write(text);
    }
  }

  table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
    return table(columns, rows, this.io.out.isTTY ? this.io.out.columns : undefined);
  }

  /** A sentence for a person; nothing that a program reads. */
  note(text: string): void {
    this.io.err.write(`${text}\n`);
  }

  /** A sentence that is the command's result for a person; a program gets the document instead. */
  say(text: string): void {
    if (this.format === 'table') this.io.out.write(`${text}\n`);
  }

  private asText(document: unknown): string {
    return this.format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document);
  }
}
