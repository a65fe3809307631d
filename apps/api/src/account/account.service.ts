import { Injectable } from '@nestjs/common';
import { fileServerPlace, type Place, quotasOf, workspacePlace } from '@windrow/contract';
import { BatchReader, type PoolFacts } from '../batch/batch-reader';
import { NotConfiguredError } from '../common/errors';
import { Places } from '../places/places';
import { Scopes } from '../places/scopes';
import { ApiSettings } from '../settings';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { type AccountView, usage, type UsageList } from './dto';
import { Remembered } from './remembered';

/** What Batch was asked a moment ago is not asked again. Milliseconds. */
const KEEP_MS = 30_000;

@Injectable()
export class AccountService {
  private readonly pools: Remembered<PoolFacts[]>;
  private readonly activeJobs: Remembered<number>;

  constructor(
    private readonly batch: BatchReader,
    private readonly places: Places,
    private readonly scopes: Scopes,
    private readonly workflows: WorkflowGateway,
    private readonly settings: ApiSettings,
  ) {
    this.pools = new Remembered(KEEP_MS, () => batch.pools());
    this.activeJobs = new Remembered(KEEP_MS, () => batch.activeJobs());
  }

  /** @throws NotConfiguredError without WINDROW_BATCH_ARM */
  async account(): Promise<AccountView> {
    const account = await this.batch.account();
    if (!account) {
      const message = `Quotas of the Batch account are told by Azure's management. Set WINDROW_BATCH_ARM to its endpoint and the account's resource id (https://management.azure.com/subscriptions/.../batchAccounts/{name}).`;
      throw new NotConfiguredError(message);
    }
    const [pools, jobs] = await Promise.all([this.pools.get(), this.activeJobs.get()]);
    const { properties, name, location } = account;
    const cores = (kind: 'dedicated' | 'spot') =>
      pools.reduce((sum, pool) => sum + pool[kind] * coresOf(pool.vmSize), 0);
    const storage = properties.autoStorage?.storageAccountId;
    return {
      name,
      location,
      ...(storage !== undefined && { autoStorageAccountId: storage }),
      usage: [
        usage('dedicatedCores', 'Dedicated cores', cores('dedicated'), properties.dedicatedCoreQuota),
        usage('lowPriorityCores', 'Spot cores', cores('spot'), properties.lowPriorityCoreQuota),
        usage('pools', 'Pools', pools.length, properties.poolQuota),
        usage(
          'activeJobsAndSchedules',
          'Active Batch jobs and schedules',
          jobs,
          properties.activeJobAndJobScheduleQuota,
        ),
      ],
      dedicatedCoreQuotaPerVMFamily: properties.dedicatedCoreQuotaPerVMFamily ?? [],
      dedicatedCoreQuotaPerVMFamilyEnforced: properties.dedicatedCoreQuotaPerVMFamilyEnforced ?? false,
    };
  }

  async usageOf(workspace: string): Promise<UsageList> {
    await this.scopes.workspaceExists(workspace);
    const [place, pools, jobs, fileServers] = await Promise.all([
      this.places.get<Place>(workspacePlace(workspace)),
      this.pools.get(),
      this.workflows.countJobs(workspace),
      this.places.count(fileServerPlace({ workspace, fileServer: '' })),
    ]);
    const quotas = quotasOf(place.value, this.settings.deployment.defaultQuotas);
    const own = pools.filter((pool) => pool.workspace === workspace);
    const nodes = own.reduce((sum, { dedicated, spot }) => sum + dedicated + spot, 0);
    return {
      value: [
        usage('nodes', 'Nodes of clusters and pools', nodes, quotas.nodes),
        usage('concurrentJobs', 'Jobs that run', jobs.running, quotas.concurrentJobs),
        usage('queuedJobs', 'Jobs that wait to run', jobs.queued, quotas.queuedJobs),
        usage('storageLinks', 'File servers', fileServers, quotas.storageLinks),
      ],
    };
  }
}

/** By the names of sizes, in which the number of cores comes first: `Standard_D4s_v5`. One where it does not. */
export function coresOf(vmSize: string): number {
  return Number(/^(?:[A-Za-z]+_)?[A-Za-z]+(\d+)/.exec(vmSize)?.[1] ?? 1);
}
