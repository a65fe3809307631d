/** The job as a customer writes it (REST body and `spec.json`). Plain JSON; what it leaves out is in `defaults.ts`. */
import type { MetricsSpec } from '../metrics';
import type { ExecutionSpec } from './execution';
import type { GatherSpec } from './gather';
import type { BatchingSpec, InputSpec, SampleSpec } from './input';
import type { Json, JsonObject } from './json';
import type { PoolSpec } from './pool';
import type { TaskSpec } from './task';

export interface JobSpec {
  displayName?: string;
  labels?: Record<string, string>;
  parameters?: JsonObject;
  input: InputSpec;
  /** Zero items are an error unless this is true. */
  allowEmpty?: boolean;
  /** Sampling run: only the first items are planned. */
  maxItems?: number;
  /** Sampling run: a random part of the input. The same seed takes the same items. */
  sample?: SampleSpec;
  /** What each item becomes: JSON, whose strings may hold `{{item.x}}`, `{{itemIndex}}` and `{{parameters.x}}`. */
  itemMapping?: Json;
  batching?: BatchingSpec;
  task: TaskSpec;
  pool: PoolSpec;
  execution?: ExecutionSpec;
  gather?: GatherSpec;
  cleanup?: CleanupSpec;
  /** Numbers that tasks export. */
  metrics?: MetricsSpec;
}

export interface CleanupSpec {
  batchJob?: 'delete' | 'keep';
  pool?: 'delete' | 'keep';
  staged?: 'delete' | 'keep';
  /** How long after its end a job can be redriven, and what that needs is kept (ISO 8601 duration). */
  retention?: string;
}
