import path from 'node:path';
import type { Job } from '../model/jobs/job';
import type { ComputeNode } from '../model/nodes/node';
import type { JobCommand, TaskRunRequest } from '../model/runner';
import type { NameValue } from '../wire/types';
import { membershipVariables } from './membership-variables';
import type { NodeLayout } from './node-layout';
import type { NodeStorage } from './node-storage';

export interface AccountInfo {
  name: string;
  /** Known once the server listens. */
  url: () => string;
}

export type Environment = Record<string, string>;

/** Builds the environment of commands: never the emulator's own, only what is listed ("Azure Batch runtime environment variables"). */
export class EnvironmentBuilder {
  constructor(
    private readonly account: AccountInfo,
    private readonly layout: NodeLayout,
    private readonly inherited: Environment,
    private readonly storage: NodeStorage,
  ) {}

  forTask({ node, task, membership }: TaskRunRequest): Environment {
    const directory = this.layout.task(node, task.job.id, task.id);
    return {
      ...this.ofJob(node, task.job, task.id, directory),
      ...this.storage.environment(node, task.body.applicationPackageReferences),
      ...(membership && membershipVariables(membership, this.layout.taskShared(node, task.job.id, task.id))),
      ...settings(task.job.spec.commonEnvironmentSettings),
      ...settings(task.body.environmentSettings),
    };
  }

  forCommand({ node, job, taskId, spec, membership }: JobCommand, directory: string): Environment {
    return {
      ...this.ofJob(node, job, taskId, directory),
      ...this.storage.environment(node, spec.applicationPackageReferences),
      ...(membership && membershipVariables(membership, this.layout.taskShared(node, job.id, taskId))),
      ...settings(job.spec.commonEnvironmentSettings),
      ...settings(spec.environmentSettings),
    };
  }

  forStartTask(node: ComputeNode, own: readonly NameValue[] | undefined): Environment {
    const packages = this.storage.environment(node, undefined);
    return { ...this.common(node, this.layout.startup(node)), ...packages, ...settings(own) };
  }

  private ofJob(node: ComputeNode, job: Job, taskId: string, directory: string): Environment {
    const preparation = job.spec.jobPreparationTask?.id;
    const prepared = preparation === undefined ? undefined : this.layout.task(node, job.id, preparation);
    return {
      ...this.common(node, directory),
      AZ_BATCH_JOB_ID: job.id,
      AZ_BATCH_TASK_ID: taskId,
      ...(prepared !== undefined &&
        preparation !== taskId && {
          AZ_BATCH_JOB_PREP_DIR: prepared,
          AZ_BATCH_JOB_PREP_WORKING_DIR: path.join(prepared, 'wd'),
        }),
    };
  }

  private common(node: ComputeNode, taskDirectory: string): Environment {
    const root = this.layout.nodeRoot(node);
    return {
      ...this.inherited,
      AZ_BATCH_ACCOUNT_NAME: this.account.name,
      AZ_BATCH_ACCOUNT_URL: `${this.account.url()}/`,
      AZ_BATCH_POOL_ID: node.pool.id,
      AZ_BATCH_NODE_ID: node.id,
      AZ_BATCH_NODE_IS_DEDICATED: String(node.dedicated),
      AZ_BATCH_NODE_ROOT_DIR: root,
      AZ_BATCH_NODE_SHARED_DIR: this.layout.shared(node),
      AZ_BATCH_NODE_STARTUP_DIR: this.layout.startup(node),
      AZ_BATCH_NODE_MOUNTS_DIR: this.layout.mounts(node),
      AZ_BATCH_TASK_DIR: taskDirectory,
      AZ_BATCH_TASK_WORKING_DIR: path.join(taskDirectory, 'wd'),
      AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES: '1000000000',
    };
  }
}

function settings(list: readonly NameValue[] | undefined): Environment {
  return Object.fromEntries((list ?? []).map(({ name, value }) => [name, value ?? '']));
}
