import { MAX_DOWNLOADS_PER_TASK, parseSize } from '@windrow/contract';
import type { JobSpec } from '@windrow/contract';
import { InvalidInputError } from '../errors';
import type { Item } from '../item';

export interface BatchLimits {
  maxItems: number;
  maxBytes: number;
}

/**
 * How many items and bytes a task takes. `rowsPerTask` and `bytesPerTask` of the input go before `batching`; with
 * neither, a task has one item; with a limit on bytes only, as many items as it holds; with both, whichever is reached
 * first ends the batch. A range of bytes is a task of its own.
 */
export function batchLimits({ input, batching = {} }: Pick<JobSpec, 'input' | 'batching'>): BatchLimits {
  if (input.kind === 'rows' && input.split === 'byteRanges') {
    return { maxItems: 1, maxBytes: Number.POSITIVE_INFINITY };
  }
  const rows = input.kind === 'rows' ? input : undefined;
  const items = rows?.rowsPerTask ?? batching.maxItemsPerTask;
  const bytes =
    rows?.bytesPerTask !== undefined
      ? sizeOf(rows.bytesPerTask, '$.input.bytesPerTask')
      : batching.maxBytesPerTask !== undefined
        ? sizeOf(batching.maxBytesPerTask, '$.batching.maxBytesPerTask')
        : undefined;
  return {
    maxItems: items ?? (bytes === undefined ? 1 : Number.POSITIVE_INFINITY),
    maxBytes: bytes ?? Number.POSITIVE_INFINITY,
  };
}

function sizeOf(text: string, path: string): number {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidInputError('InvalidSize', `'${text}' is not a size. Write it like 64MiB.`, { path });
}

/** Decides where one batch ends and the next begins; counts only, holds no items. */
export class BatchRule {
  private items = 0;
  private bytes = 0;
  private downloads = 0;

  constructor(private readonly limits: BatchLimits) {}

  /** Whether the item may join the batch. The first one always may: an item is never divided. */
  fits({ bytes, download }: Item): boolean {
    if (this.items === 0) return true;
    if (download && this.downloads >= MAX_DOWNLOADS_PER_TASK) return false;
    return this.items < this.limits.maxItems && this.bytes + bytes <= this.limits.maxBytes;
  }

  add({ bytes, download }: Item): void {
    this.items += 1;
    this.bytes += bytes;
    if (download) this.downloads += 1;
  }

  reset(): void {
    this.items = 0;
    this.bytes = 0;
    this.downloads = 0;
  }
}
