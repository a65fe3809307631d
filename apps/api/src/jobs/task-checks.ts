import { Injectable } from '@nestjs/common';
import { isApplication, isClusterReference, type JobSpec, parseSecretUrl, type ProgramSource } from '@windrow/contract';
import { BatchReader } from '../batch/batch-reader';
import type { FieldError } from '../common/errors';
import { ApiSettings } from '../settings';

/** Looks up what a task names outside of storage: application packages of the Batch account, and vaults of secrets. */
@Injectable()
export class TaskChecks {
  constructor(
    private readonly batch: BatchReader,
    private readonly settings: ApiSettings,
  ) {}

  async errors(spec: JobSpec): Promise<FieldError[]> {
    const reduce = spec.gather?.kind === 'reduce' ? spec.gather : undefined;
    const setupTask = isClusterReference(spec.pool) ? undefined : spec.pool.setupTask;
    const applications = await Promise.all([
      this.applicationErrors(spec.task.program, '$.task.program'),
      this.applicationErrors(reduce?.program, '$.gather.program'),
      this.applicationErrors(setupTask?.program, '$.pool.setupTask.program'),
    ]);
    return [...applications.flat(), ...this.vaultErrors(spec)];
  }

  /** Applications that the account has not, or not in the version that is named. */
  async applicationErrors(program: ProgramSource[] = [], path: string): Promise<FieldError[]> {
    const errors = await Promise.all(
      program.map(async (source, n): Promise<FieldError[]> => {
        if (!isApplication(source)) return [];
        const { application, version } = source;
        const versions = await this.batch.applicationVersions(application);
        if (!versions) {
          const message = `names no application of the Batch account: '${application}'`;
          return [{ path: `${path}[${n}].application`, code: 'ApplicationNotFound', message }];
        }
        if (version === undefined || versions.includes(version)) return [];
        const message = `names no version of application '${application}': '${version}'. There are ${versions.join(', ')}`;
        return [{ path: `${path}[${n}].version`, code: 'ApplicationVersionNotFound', message }];
      }),
    );
    return errors.flat();
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
