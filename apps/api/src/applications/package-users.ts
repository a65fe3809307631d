import { Injectable } from '@nestjs/common';
import { BatchReader } from '../batch/batch-reader';
import { ConflictError } from '../common/errors';
import { someNames } from '../common/some-names';

/** Pools whose nodes get a package when they join: without it they would never become usable. */
@Injectable()
export class PackageUsers {
  constructor(private readonly batch: BatchReader) {}

  /** @param title begins the message @throws ConflictError ApplicationInUse */
  async refuseIfUsed(title: string, batchApplication: string, version?: string): Promise<void> {
    const pools = await this.batch.poolsWithPackage(batchApplication, version);
    if (pools.length === 0) return;
    const message = `${title} is part of the set-up of nodes of ${pools.length === 1 ? 'pool' : 'pools'} ${someNames(pools)}. Delete the clusters, or wait for the jobs, that have them.`;
    throw new ConflictError('ApplicationInUse', message, { pools: pools.join(',') });
  }
}
