import { createHash } from 'node:crypto';

/** Limit of file systems on one name. Bytes. */
const MAX_SEGMENT_BYTES = 255;
/** Leaves room for the working directory within the 4096 bytes that Linux gives a path, and some for the caller. */
const MAX_PATH_BYTES = 900;

/** Whether every segment of a blob's name can be the name of a file, and none leads elsewhere. */
export function isSafePath(name: string): boolean {
  if (Buffer.byteLength(name) > MAX_PATH_BYTES || name.includes('\0') || name.includes('\\')) return false;
  return name
    .split('/')
    .every(
      (segment) =>
        segment !== '' && segment !== '.' && segment !== '..' && Buffer.byteLength(segment) <= MAX_SEGMENT_BYTES,
    );
}

/**
 * Where a task finds a blob, below its working directory: under its own name when that is a safe path, else under a
 * name made of its hash, with its extension so that programs which go by it still work.
 */
export function inputPath(blob: string): string {
  if (isSafePath(blob)) return `inputs/${blob}`;
  const hash = createHash('sha256').update(blob).digest('hex').slice(0, 16);
  const extension = /\.[A-Za-z0-9]{1,16}$/.exec(blob)?.[0] ?? '';
  return `inputs/blob-${hash}${extension}`;
}
