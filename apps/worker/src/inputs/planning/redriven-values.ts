import type { JobSpec, Json, PlannedTask, RedriveSpec } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { itemOf } from '../item';
import type { Item } from '../item';
import { TaskValues } from './task-values';

/** No template asks for it where a task has several items. */
const NO_ITEM = itemOf(null);

/**
 * Command line and environment that a redrive gives to tasks, in place of what was planned. Templates expand as in the
 * plan; the item is the one that was planned, wherever it lies.
 */
export class RedrivenValues {
  private readonly values: TaskValues | undefined;
  private readonly changed: NonNullable<RedriveSpec['task']>;

  /** @param container the workspace's. @throws InvalidInputError `InvalidTemplate` */
  constructor(
    { parameters }: Pick<JobSpec, 'parameters'>,
    { task = {} }: RedriveSpec,
    private readonly blobs: BlobStore,
    private readonly container: string,
  ) {
    this.changed = task;
    const { commandLine = '', environment } = task;
    if (task.commandLine === undefined && !environment) return;
    this.values = new TaskValues({
      task: { commandLine, ...(environment && { environment }) },
      ...(parameters && { parameters }),
    });
  }

  /** @throws InvalidInputError `InvalidTemplate`; StorageError */
  async of(planned: PlannedTask): Promise<PlannedTask> {
    if (!this.values) return planned;
    const { index, items } = planned;
    const first = this.values.needsItem && items === 1 ? await this.itemOf(planned) : NO_ITEM;
    const expanded = this.values.of({ index, items, first, firstNumber: index + 1 });
    const { commandLine: plannedCommand, environment: plannedEnvironment, ...rest } = planned;
    const command = this.changed.commandLine === undefined ? plannedCommand : expanded.commandLine;
    const replaced = this.changed.environment ?? {};
    const kept = Object.entries(plannedEnvironment ?? {}).filter(([name]) => !Object.hasOwn(replaced, name));
    const environment = { ...Object.fromEntries(kept), ...expanded.environment };
    return {
      ...rest,
      ...(command !== undefined && { commandLine: command }),
      ...(Object.keys(environment).length > 0 && { environment }),
    };
  }

  private async itemOf({ inline, itemsBlob = '' }: PlannedTask): Promise<Item> {
    if (inline) return itemOf(inline.item);
    return itemOf(JSON.parse(await this.blobs.readText(this.container, itemsBlob)) as Json);
  }
}
