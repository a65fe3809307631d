import { BatchNotFoundError } from '../errors';
import { fetchPage, listAll, listQuery } from '../transport/paging';
import type { Transport } from '../transport/transport';
import type { ListOptions, SelectOptions } from '../types/common';
import type {
  BatchApplication,
  BatchPool,
  BatchPoolCreateOptions,
  BatchPoolNodeCounts,
  BatchPoolResizeOptions,
  BatchPoolUpdateOptions,
  BatchSupportedImage,
  EnableAutoScaleOptions,
} from '../types/pool';

export interface PoolOperations {
  /** @throws BatchConflictError code `PoolExists` or `PoolBeingDeleted`; BatchQuotaError */
  create(pool: BatchPoolCreateOptions): Promise<void>;
  get(id: string, options?: SelectOptions): Promise<BatchPool>;
  exists(id: string): Promise<boolean>;
  list(options?: ListOptions): AsyncIterable<BatchPool>;
  patch(id: string, body: BatchPoolUpdateOptions): Promise<void>;
  /** @throws BatchConflictError code `PoolBeingResized`, `PoolBeingDeleted` */
  resize(id: string, targets: BatchPoolResizeOptions): Promise<void>;
  stopResize(id: string): Promise<void>;
  /**
   * Begins, or changes, sizing by a formula; the pool has to be steady.
   * @throws BatchRefusedError code `AutoScalingFormulaSyntaxError`; BatchUnavailableError within 30 s of the last call
   */
  enableAutoScale(id: string, settings: EnableAutoScaleOptions): Promise<void>;
  /** The size stays as it is. @throws BatchConflictError when the pool has no formula */
  disableAutoScale(id: string): Promise<void>;
  /** Returns once the deletion has begun; the pool vanishes later. */
  delete(id: string): Promise<void>;
  /** Nodes by state, eventually consistent; undefined when the service does not know the pool (yet). */
  nodeCounts(poolId: string): Promise<BatchPoolNodeCounts | undefined>;
}

export function poolPath(id: string): string {
  return `/pools/${encodeURIComponent(id)}`;
}

export function poolOperations(transport: Transport): PoolOperations {
  return {
    create: async (pool) => {
      const body = JSON.stringify(pool);
      const target = poolPath(pool.id);
      await transport.send({ operation: 'pools.create', method: 'POST', path: '/pools', target, body, expect: [201] });
    },
    get: (id, { select } = {}) =>
      transport.json({
        operation: 'pools.get',
        method: 'GET',
        path: poolPath(id),
        query: { $select: select },
        expect: [200],
      }),
    exists: async (id) => {
      try {
        await transport.send({ operation: 'pools.exists', method: 'HEAD', path: poolPath(id), expect: [200] });
        return true;
      } catch (error) {
        if (error instanceof BatchNotFoundError) return false;
        throw error;
      }
    },
    list: (options = {}) => listAll(transport, { operation: 'pools.list', path: '/pools', query: listQuery(options) }),
    patch: async (id, changes) => {
      const body = JSON.stringify(changes);
      await transport.send({ operation: 'pools.patch', method: 'PATCH', path: poolPath(id), body, expect: [200] });
    },
    resize: async (id, targets) => {
      const body = JSON.stringify(targets);
      const path = `${poolPath(id)}/resize`;
      await transport.send({ operation: 'pools.resize', method: 'POST', path, body, expect: [202] });
    },
    stopResize: async (id) => {
      const path = `${poolPath(id)}/stopresize`;
      await transport.send({ operation: 'pools.stopResize', method: 'POST', path, expect: [202] });
    },
    enableAutoScale: async (id, settings) => {
      const path = `${poolPath(id)}/enableautoscale`;
      const body = JSON.stringify(settings);
      await transport.send({ operation: 'pools.enableAutoScale', method: 'POST', path, body, expect: [200] });
    },
    disableAutoScale: async (id) => {
      const path = `${poolPath(id)}/disableautoscale`;
      await transport.send({ operation: 'pools.disableAutoScale', method: 'POST', path, expect: [200] });
    },
    delete: async (id) => {
      await transport.send({ operation: 'pools.delete', method: 'DELETE', path: poolPath(id), expect: [202] });
    },
    nodeCounts: async (poolId) => {
      const query = { $filter: `poolId eq '${poolId.replaceAll("'", "''")}'` };
      const call = { operation: 'pools.nodeCounts', path: '/nodecounts', query };
      return (await fetchPage<BatchPoolNodeCounts>(transport, call)).value[0];
    },
  };
}

/** Images that pools may be made of. */
export function supportedImages(transport: Transport, filter?: string): AsyncIterable<BatchSupportedImage> {
  const query = filter === undefined ? {} : { filter };
  return listAll(transport, { operation: 'supportedImages', path: '/supportedimages', query: listQuery(query) });
}

/** An application as the data plane knows it: versions whose package was uploaded and activated. */
export function application(transport: Transport, id: string): Promise<BatchApplication> {
  const path = `/applications/${encodeURIComponent(id)}`;
  return transport.json({ operation: 'applications.get', method: 'GET', path, expect: [200] });
}
