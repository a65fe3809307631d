import supertest from 'supertest';
import {
  jobPaths,
  type JobRow,
  type JobSpec,
  workspaceContainer,
  jobNameRecord,
  workspacePlace,
} from '@windrow/contract';
import { WebhookTargets } from '@windrow/config';
import { AuditLog, newPlace, storageConfigFromConnectionString } from '@windrow/storage';
import { createApp } from '../app';
import { AccountApplications } from '../batch/account-applications';
import type { ApiConfig } from '../config';
import { newRow } from '../jobs/job-reader';
import { FakePackages } from './fake-packages';
import { FakeBatch, FakeLinks, FakeWorkflows, MemoryCatalogue } from './fakes';
import { MemoryBlobs } from './memory-blobs';
import { MemoryResources } from './memory-resources';

export const CONFIG: ApiConfig = {
  http: { host: '127.0.0.1', port: 0 },
  region: 'local',
  logLevel: 'silent',
  storage: storageConfigFromConnectionString('UseDevelopmentStorage=true'),
  batch: {
    endpoint: 'http://127.0.0.1:1',
    auth: { kind: 'sharedKey', accountName: 'test', accountKey: '' },
  },
  temporal: { namespace: 'default', connectionOptions: {}, payloadKeys: [] },
  keyVaults: ['https://team.vault.azure.net'],
  defaultQuotas: {},
  access: { issuers: [] },
  secretKeys: [{ id: 'test', key: Buffer.alloc(32, 1) }],
  webhookTargets: new WebhookTargets(),
};

export const SPEC: JobSpec = {
  input: { kind: 'repeat', count: 3 },
  task: { commandLine: '/bin/echo hello' },
  pool: { vmSizes: ['Standard_D2s_v5'], nodes: { max: 1 } },
};

export const KEY = { workspace: 'aero', experiment: 'blades', job: 'j1' };
export const JOBS = '/v1/workspaces/aero/experiments/blades/jobs';

/** The real application, pipes, filter and all, on dependencies in memory. */
export async function startApi(change: Partial<ApiConfig> = {}, { managed = true } = {}) {
  const blobs = new MemoryBlobs();
  const packages = new FakePackages();
  const dependencies = {
    blobs,
    packages,
    audit: new AuditLog(new MemoryBlobs()),
    links: new FakeLinks(),
    catalogue: new MemoryCatalogue(),
    resources: new MemoryResources(),
    workflows: new FakeWorkflows(),
    batch: new FakeBatch(),
    applications: new AccountApplications(blobs, managed ? packages : undefined),
    close: async () => undefined,
  };
  await dependencies.resources.create(workspacePlace(KEY.workspace), newPlace({}));
  const api = await createApp({ ...CONFIG, ...change }, dependencies);
  return { ...dependencies, api, http: supertest(api.app.getHttpServer()), close: () => api.close() };
}

/** A job as it is once the worker has begun to write its row. */
export async function jobInState(
  { blobs, catalogue }: { blobs: MemoryBlobs; catalogue: MemoryCatalogue },
  change: Partial<JobRow>,
): Promise<JobRow> {
  const record = { uid: 'u1', specHash: 'h', createdTime: new Date().toISOString() };
  const container = workspaceContainer(KEY.workspace);
  blobs.put(container, jobNameRecord(KEY.experiment, KEY.job), JSON.stringify(record));
  blobs.put(container, jobPaths('u1').spec, '{}');
  const row = { ...newRow(KEY, record), ...change };
  await catalogue.putJob(row);
  return row;
}

export function jsonLines(values: object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
