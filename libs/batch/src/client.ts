import type { BatchConfig, BatchRuntime } from './config';
import { fileOperations, nodeOperations } from './operations/files';
import type { FileOperations, NodeOperations } from './operations/files';
import { jobOperations } from './operations/jobs';
import type { JobOperations } from './operations/jobs';
import { application, poolOperations, supportedImages } from './operations/pools';
import type { PoolOperations } from './operations/pools';
import { taskOperations } from './operations/tasks';
import type { TaskOperations } from './operations/tasks';
import { Transport } from './transport/transport';
import type { BatchApplication, BatchSupportedImage } from './types/pool';

/**
 * The data plane of one Batch account. Every call fails with a BatchError of a telling subclass, after the one
 * retry policy around the transport has done its best.
 */
export interface BatchClient {
  pools: PoolOperations;
  nodes: NodeOperations;
  jobs: JobOperations;
  tasks: TaskOperations;
  files: FileOperations;
  /** @throws BatchNotFoundError code `ApplicationNotFound` */
  application(id: string): Promise<BatchApplication>;
  /** Images that pools may be made of. */
  supportedImages(filter?: string): AsyncIterable<BatchSupportedImage>;
}

/** Builds a client; connects to nothing by itself. `runtime` is for tests: clock, chance and waiting. */
export function createBatchClient(config: BatchConfig, runtime?: BatchRuntime): BatchClient {
  const transport = new Transport(config, runtime);
  return {
    pools: poolOperations(transport),
    nodes: nodeOperations(transport),
    jobs: jobOperations(transport),
    tasks: taskOperations(transport),
    files: fileOperations(transport),
    application: (id) => application(transport, id),
    supportedImages: (filter) => supportedImages(transport, filter),
  };
}
