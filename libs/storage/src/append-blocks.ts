/** Most bytes of one append: the limit of service versions before 2022-11-02, which emulators keep. */
export const APPEND_BLOCK_BYTES = 4 * 1024 * 1024;

const LINE_END = 0x0a;

/** Cuts bytes into blocks of at most `limit`, after a line end wherever there is one. */
export function* splitAtLineEnds(bytes: Buffer, limit: number = APPEND_BLOCK_BYTES): Generator<Buffer> {
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + limit, bytes.length);
    if (end < bytes.length) {
      const lineEnd = bytes.lastIndexOf(LINE_END, end - 1);
      if (lineEnd >= start) end = lineEnd + 1;
    }
    yield bytes.subarray(start, end);
    start = end;
  }
}
