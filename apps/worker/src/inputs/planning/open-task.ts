import { MAX_INLINE_ITEM_BYTES } from '@windrow/contract';
import type { BlobRange, Download } from '@windrow/contract';
import { InvalidInputError } from '../errors';
import type { Item } from '../item';
import { ItemsFile } from './items-file';
import type { ItemsTarget } from './items-file';
import { BatchRule } from './limits';
import type { BatchLimits } from './limits';

/** The task that items are being added to. */
export class OpenTask {
  items = 0;
  first: Item | undefined;
  readonly downloads: Download[] = [];
  range: BlobRange | undefined;
  readonly file: ItemsFile;
  private readonly rule: BatchRule;

  constructor(limits: BatchLimits, target: ItemsTarget) {
    this.rule = new BatchRule(limits);
    this.file = new ItemsFile(target);
  }

  fits(item: Item): boolean {
    return this.rule.fits(item);
  }

  add(item: Item): void {
    this.rule.add(item);
    this.items += 1;
    this.first ??= item;
    this.file.add(item.json);
    if (item.download) this.downloads.push(item.download);
    this.range ??= item.range;
  }

  /** Whether the task's only item travels in its environment. */
  get isInline(): boolean {
    return this.items === 1 && Buffer.byteLength(this.first!.json) <= MAX_INLINE_ITEM_BYTES;
  }

  /** @throws InvalidInputError `ConflictingNames` when one blob would have to be a file and a directory at once */
  checkDownloads(index: number): void {
    if (this.downloads.length < 2) return;
    const files = new Map(this.downloads.map(({ path, blob }) => [path, blob]));
    for (const { path, blob } of this.downloads) {
      for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        const other = files.get(path.slice(0, slash));
        if (other === undefined) continue;
        throw new InvalidInputError(
          'ConflictingNames',
          `Task ${index} would need '${other}' as a file and, for '${blob}', as a directory. Exclude one of them, or set $.batching.maxItemsPerTask to 1.`,
          { path: '$.input' },
        );
      }
    }
  }
}
