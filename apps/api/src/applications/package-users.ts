import { Injectable } from '@nestjs/common';
import { BatchReader } from '../batch/batch-reader';
import { ConflictError } from '../common/errors';

/** Pools that a refusal names. */
const NAMED = 5;

/** Pools whose nodes get a package when they join: without it they would never become usable. */
@Injectable()
export class PackageUsers {
  constructor(private readonly batch: BatchReader) {}

  /** @param title begins the message @throws ConflictError ApplicationInUse */
  async refuseIfUsed(title: string, batchApplication: string, version?: string): Promise<void> {
    const pools = await this.batch.poolsWithPackage(batchApplication, version);
    if (pools.length === 0) return;
    const names = pools.slice(0, NAMED).join(', ') + (pools.length > NAMED ? ', ...' : '');
    const message = `${title} is part of the set-up of nodes of ${pools.length === 1 ? 'pool' : 'pools'} ${names}. Delete the clusters, or wait for the jobs, that have them.`;
    throw new ConflictError('ApplicationInUse', message, { pools: pools.join(',') });
  }
}
