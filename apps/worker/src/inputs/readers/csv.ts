import { Parser } from 'csv-parse';
import type { RowsInput, SourceSnapshot } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { JsonItem, MAX_ITEM_BYTES, chunked } from '../item';
import type { Item } from '../item';
import { unknownColumn } from './columns';

type Source = SourceSnapshot & BlobPlace;

/** What `csv-parse` says about a failure, besides its message. */
interface ParseFailure extends Error {
  /** Whole records before it, the header included. */
  records?: number;
}

/**
 * Reads RFC 4180 rows; each is an item of strings by column name. Rows count from 1, the header not included.
 * @throws InvalidInputError `MalformedRow`, `UnknownColumn`
 */
export async function* readCsv(blobs: BlobStore, source: Source, input: RowsInput): AsyncGenerator<Item[]> {
  const rows = new CsvRows(source, input);
  // The parser takes a chunk and holds its records at once, so they are read without an await for each.
  const parser = new Parser({
    bom: true,
    // Both at once: files grow together from several systems, and the parser would settle for the first it sees.
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ITEM_BYTES,
  });
  let failure: ParseFailure | undefined;
  parser.on('error', (error: ParseFailure) => (failure ??= error));
  const bytes = await blobs.readStream(source.container, source.blob, { ifMatch: source.etag });
  try {
    for await (const chunk of bytes) {
      parser.write(chunk);
      yield* chunked(rows.take(parser));
      if (failure) throw rows.malformed(failure);
    }
    parser.end();
    const last: Item[] = [];
    for await (const record of parser) last.push(...rows.add(record as string[]));
    yield* chunked(last);
  } catch (error) {
    throw failure && error === failure ? rows.malformed(failure) : error;
  } finally {
    parser.destroy();
  }
}

/** Turns records into items: takes the header, checks lengths, projects columns. */
class CsvRows {
  private row = 0;
  private width = 0;
  /** `"name":` and the place in the record, for each column that is kept. */
  private columns: { key: string; at: number }[] | undefined;

  constructor(
    private readonly source: Source,
    private readonly input: RowsInput,
  ) {}

  *take(parser: Parser): Generator<Item> {
    for (let record = parser.read() as string[] | null; record; record = parser.read() as string[] | null) {
      yield* this.add(record);
    }
  }

  *add(record: string[]): Generator<Item> {
    if (!this.columns) {
      const header = this.input.header ?? true;
      this.open(header ? record : record.map((_, n) => `c${n + 1}`));
      if (header) return;
    }
    this.row += 1;
    if (record.length !== this.width) {
      throw this.error(`has ${record.length} fields where the ${this.first()} has ${this.width}`);
    }
    yield new JsonItem(`{${this.columns!.map(({ key, at }) => key + JSON.stringify(record[at])).join(',')}}`);
  }

  malformed(failure: ParseFailure): InvalidInputError {
    const header = (this.input.header ?? true) ? 1 : 0;
    this.row = Math.max(1, (failure.records ?? this.row) + 1 - header);
    return this.error(`cannot be read (${failure.message.replace(/\s+/g, ' ')})`, failure);
  }

  private open(names: string[]): void {
    this.width = names.length;
    const twice = names.find((name, n) => names.indexOf(name) !== n);
    if (twice !== undefined) {
      throw new InvalidInputError(
        'MalformedRow',
        `The header of blob '${this.source.blob}' has the column '${twice}' twice. Give each column a name of its own.`,
        { path: this.source.path },
      );
    }
    this.columns = (this.input.columns ?? names).map((name, n) => {
      const at = names.indexOf(name);
      if (at < 0) throw unknownColumn(this.source.blob, name, n, names);
      return { key: `${JSON.stringify(name)}:`, at };
    });
  }

  private first(): string {
    return (this.input.header ?? true) ? 'header' : 'first row';
  }

  private error(what: string, cause?: unknown): InvalidInputError {
    return new InvalidInputError(
      'MalformedRow',
      `Row ${this.row} of blob '${this.source.blob}' ${what}. Fields that hold commas, quotes or line ends must be in double quotes.`,
      { path: this.source.path, cause },
    );
  }
}
