import { Injectable } from '@nestjs/common';
import { workspaceContainer } from '@windrow/contract';
import { BlobStore, Catalogue } from '@windrow/storage';
import { BatchReader } from '../batch/batch-reader';
import { NotReadyError } from '../common/errors';
import { ApiSettings } from '../settings';
import { WorkflowGateway } from '../workflows/workflow-gateway';

const TIME_LIMIT_MS = 3000;

@Injectable()
export class HealthService {
  private readonly checks: Record<string, () => Promise<unknown>>;

  constructor(
    workflows: WorkflowGateway,
    blobs: BlobStore,
    catalogue: Catalogue,
    batch: BatchReader,
    settings: ApiSettings,
  ) {
    this.checks = {
      Temporal: () => workflows.check(TIME_LIMIT_MS),
      'Blob storage': () => blobs.containerExists(workspaceContainer(settings.workspace)),
      // The catalogue's table is made here when it is missing, which a first start needs anyway.
      'Table storage': () => catalogue.ensure(),
      'Azure Batch': () => batch.check(),
    };
  }

  /** @throws NotReadyError naming every dependency that does not answer in time */
  async ready(): Promise<string[]> {
    const names = Object.keys(this.checks);
    const results = await Promise.allSettled(Object.values(this.checks).map((check) => within(TIME_LIMIT_MS, check())));
    const failures = results.map((result) => (result.status === 'rejected' ? asError(result.reason) : undefined));
    const missing = names.filter((_, n) => failures[n]);
    if (missing.length > 0) throw new NotReadyError(missing, new AggregateError(failures.filter(Boolean)));
    return names;
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
