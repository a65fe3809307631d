import { StringDecoder } from 'node:string_decoder';
import { LineTooLongError } from './errors';

/** Longest line read unless told otherwise: a text without line ends must not fill the memory. Bytes. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Splits a stream of UTF-8 bytes into lines, handed on in arrays (one for each chunk that ends at least one line),
 * so that millions of lines do not cost an await each. Line ends (`\n`, `\r\n`) are cut off; a last line without
 * one counts when it is not empty. Holds one chunk and one unfinished line at a time.
 * @throws LineTooLongError
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  let restBytes = 0;
  let lineNumber = 0;
  for await (const chunk of source) {
    const lines = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)).split('\n');
    if (lines.length === 1) {
      rest.push(lines[0]!);
      restBytes += chunk.byteLength;
      if (restBytes > maxLineBytes) throw new LineTooLongError(lineNumber + 1, maxLineBytes);
      continue;
    }
    const last = lines.pop()!;
    if (rest.length > 0) lines[0] = rest.join('') + lines[0]!;
    rest = last === '' ? [] : [last];
    restBytes = Buffer.byteLength(last);
    lineNumber += lines.length;
    yield lines.map(withoutCarriageReturn);
  }
  const end = withoutCarriageReturn(rest.join('') + decoder.end());
  if (end !== '') yield [end];
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
