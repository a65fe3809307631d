import { Injectable } from '@nestjs/common';
import { isClusterReference, type JobSpec, parseSecretUrl } from '@windrow/contract';
import type { FieldError } from '../common/errors';
import { ApiSettings } from '../settings';
import { ApplicationChecks } from './application-checks';

/** Looks up what a task names outside of storage: application packages, and vaults of secrets. */
@Injectable()
export class TaskChecks {
  constructor(
    private readonly applications: ApplicationChecks,
    private readonly settings: ApiSettings,
  ) {}

  async errors(workspace: string, spec: JobSpec): Promise<FieldError[]> {
    const reduce = spec.gather?.kind === 'reduce' ? spec.gather : undefined;
    const setupTask = isClusterReference(spec.pool) ? undefined : spec.pool.setupTask;
    const applications = await Promise.all([
      this.applications.errors(workspace, spec.task.program, '$.task.program'),
      this.applications.errors(workspace, reduce?.program, '$.gather.program'),
      this.applications.errors(workspace, setupTask?.program, '$.pool.setupTask.program'),
    ]);
    return [...applications.flat(), ...this.vaultErrors(spec)];
  }

  /** The worker reads secrets in its own name, so the operator says from which vaults. */
  private vaultErrors({ task }: JobSpec): FieldError[] {
    return Object.entries(task.secrets ?? {}).flatMap(([name, { keyVaultSecret }]) => {
      const vault = parseSecretUrl(keyVaultSecret)?.vault ?? '';
      if (this.settings.deployment.keyVaults?.includes(vault)) return [];
      const message = `names a vault that this deployment does not read from: ${vault}. Its operator can add it to WINDROW_KEY_VAULTS`;
      return [{ path: `$.task.secrets.${name}.keyVaultSecret`, code: 'VaultNotAllowed', message }];
    });
  }
}
