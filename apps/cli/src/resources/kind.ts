import type { Context } from '../context';
import type { Column } from '../output/table';

/** A resource as the API shows it; what it has beyond that is its kind's. */
export interface Resource {
  displayName?: string;
  labels?: Record<string, string>;
  createdTime?: string;
  state?: string;
  provisioningState?: string;
  url?: string;
  [member: string]: unknown;
}

/** What the commands of one kind of resource need to know of it. */
export interface Kind {
  /** As it is typed: `clusters`. */
  plural: string;
  /** In sentences: `cluster`. */
  singular: string;
  /** Member of the view that holds the name. */
  nameField: string;
  /** As arguments and completion call it, where that is not `nameField`. */
  argument?: string;
  /** Path of the collection. */
  path(context: Context): Promise<string>;
  columns(context: Context): Column<Resource>[];
  /** What is lost with it, for the question before a deletion. */
  loses: string;
  /** A body that works, for the examples. */
  createExample: string;
  updateExample: string;
  /** What a person should know of the answer to `create`. */
  created?(context: Context, made: Resource): void;
}
