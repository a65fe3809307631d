import { finished } from 'node:stream/promises';
import { jobPaths } from '@windrow/contract';
import type { JobSpec, PlannedTask } from '@windrow/contract';
import { Lanes } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { Item } from '../item';
import { describeInput } from './describe';
import type { ItemsTarget } from './items-file';
import { batchLimits } from './limits';
import { OpenTask } from './open-task';
import { TaskValues } from './task-values';

/** Uploads of items files at once. Each holds at most some 8 MiB. */
const UPLOADS_IN_FLIGHT = 8;
/** Batch task ids have eight digits. */
const MAX_TASKS = 100_000_000;

export interface PlanContext {
  blobs: BlobStore;
  /** The workspace's container. */
  container: string;
  uid: string;
  /** Plan only: no items file is written. */
  dryRun?: boolean;
}

/**
 * Divides items into tasks, in their order, and stages each task's items where the task will look for them: a small
 * single item travels with the task, all else becomes `items.jsonl` in Blob. When the iteration ends without an
 * error everything is written; planning again writes the same blobs.
 * @throws InvalidInputError `EmptyInput`, `InvalidTemplate`, `InvalidSize`, `ConflictingNames`, `TooManyTasks`
 */
export async function* planTasks(
  spec: JobSpec,
  items: AsyncIterable<Item[]>,
  context: PlanContext,
): AsyncGenerator<PlannedTask> {
  const planner = new Planner(spec, context);
  try {
    for await (const chunk of items) {
      for (const item of chunk) {
        if (!planner.fits(item)) yield await planner.close();
        planner.add(item);
      }
      await planner.relieve();
    }
    if (!planner.isEmpty) yield await planner.close();
    await planner.finish();
  } finally {
    planner.abandon();
  }
}

/** Takes what it is given, so that a dry run goes through the same steps. */
const NOWHERE: ItemsTarget = {
  write: () => Promise.resolve(),
  stream: (bytes) => finished(bytes.resume()),
};

class Planner {
  private readonly limits;
  private readonly values: TaskValues;
  private readonly uploads = new Lanes(UPLOADS_IN_FLIGHT);
  private readonly paths;
  private index = 0;
  /** Items of the tasks before the open one. */
  private before = 0;
  private open: OpenTask;

  constructor(
    private readonly spec: JobSpec,
    private readonly context: PlanContext,
  ) {
    this.limits = batchLimits(spec);
    this.values = new TaskValues(spec);
    this.paths = jobPaths(context.uid);
    this.open = this.next();
  }

  get isEmpty(): boolean {
    return this.open.items === 0;
  }

  fits(item: Item): boolean {
    return this.open.fits(item);
  }

  add(item: Item): void {
    this.open.add(item);
  }

  relieve(): Promise<void> {
    return this.open.file.relieve();
  }

  /** Ends the open task. Resolves when its upload has begun. */
  async close(): Promise<PlannedTask> {
    const { open, index } = this;
    const { items, downloads, range, file } = open;
    const first = open.first!;
    open.checkDownloads(index);
    const task: PlannedTask = {
      index,
      items,
      ...(open.isInline ? { inline: { item: first.value } } : { itemsBlob: this.paths.items(index) }),
      ...(downloads.length > 0 && { downloads }),
      ...(range && { range }),
      ...this.values.of({ index, items, first, firstNumber: this.before + 1 }),
    };
    if (!open.isInline) await this.uploads.run(() => file.finish());
    this.before += items;
    this.index += 1;
    this.open = this.next();
    return task;
  }

  /** Waits for the uploads. */
  async finish(): Promise<void> {
    await this.uploads.drain();
    if (this.index > 0 || this.spec.allowEmpty) return;
    throw new InvalidInputError(
      'EmptyInput',
      `The input holds nothing: ${describeInput(this.spec.input)}. Correct it, or set $.allowEmpty if that is as it should be.`,
      { path: '$.input' },
    );
  }

  /** For a plan that ends early; does nothing to a complete one. */
  abandon(): void {
    this.open.file.abandon();
  }

  private next(): OpenTask {
    const { blobs, container } = this.context;
    if (this.index >= MAX_TASKS) {
      const text = `The input makes more than ${MAX_TASKS} tasks. Put more items into each with $.batching.`;
      throw new InvalidInputError('TooManyTasks', text, { path: '$.batching' });
    }
    const blob = this.paths.items(this.index);
    if (this.context.dryRun) return new OpenTask(this.limits, NOWHERE);
    const contentType = 'application/x-ndjson';
    return new OpenTask(this.limits, {
      write: (bytes) => blobs.writeText(container, blob, bytes, { contentType }),
      stream: (bytes) => blobs.writeStream(container, blob, bytes, { contentType }),
    });
  }
}
