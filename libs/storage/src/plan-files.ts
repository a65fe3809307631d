import { SHARD_SIZE, jobPaths } from '@windrow/contract';
import type { PlannedTask } from '@windrow/contract';
import type { BlobStore } from './blob-store';
import { Lanes } from './lanes';

const WRITES_IN_FLIGHT = 4;

/**
 * Writes the tasks of one stage as shards of {@link SHARD_SIZE} lines. Holds one shard, and those being written.
 * Writing the same plan again gives the same blobs, so a planner that died may simply start over.
 */
export class PlanWriter {
  private lines: string[] = [];
  private tasks = 0;
  private shards = 0;
  private readonly lanes = new Lanes(WRITES_IN_FLIGHT);

  constructor(
    private readonly blobs: BlobStore,
    private readonly container: string,
    private readonly uid: string,
    /** `tasks`, or `reduce-1`, `reduce-2`, ... */
    private readonly stage: string,
  ) {}

  /** Takes the next task; they must come in the order of their index. @throws StorageError of an earlier write */
  async add(task: PlannedTask): Promise<void> {
    this.lines.push(JSON.stringify(task));
    this.tasks += 1;
    if (this.lines.length === SHARD_SIZE) await this.flush();
  }

  /** Waits until all is written. */
  async finish(): Promise<{ tasks: number; shards: number }> {
    if (this.lines.length > 0) await this.flush();
    await this.lanes.drain();
    return { tasks: this.tasks, shards: this.shards };
  }

  private async flush(): Promise<void> {
    const text = `${this.lines.join('\n')}\n`;
    const blob = jobPaths(this.uid).planShard(this.stage, this.shards);
    this.lines = [];
    this.shards += 1;
    await this.lanes.run(() => this.blobs.writeText(this.container, blob, text));
  }
}

/** Tasks of one shard. @throws BlobNotFoundError */
export async function readPlanShard(
  blobs: BlobStore,
  container: string,
  uid: string,
  stage: string,
  shard: number,
): Promise<PlannedTask[]> {
  const text = await blobs.readText(container, jobPaths(uid).planShard(stage, shard));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PlannedTask);
}
