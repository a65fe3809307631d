import type { JsonObject } from '../util/json';

/** One line of the journal: what became of one resource. Applying a record again changes nothing. */
export type StoredRecord = { kind: string } & JsonObject;

/** Changes cannot be kept any more: what was asked for may not be acknowledged. */
export class StoreFailure extends Error {}

/** Where changes are kept. Nothing is acknowledged to a client before `flush` has returned. */
export interface Store {
  /** False for the one that forgets: the model then does not even build records. */
  readonly durable: boolean;
  append(record: StoredRecord): void;
  flush(): void;
  close(): Promise<void>;
}

/** Forgets everything with the process. */
export const memoryStore: Store = {
  durable: false,
  append: () => undefined,
  flush: () => undefined,
  close: () => Promise.resolve(),
};
