import { createHash } from 'node:crypto';
import { type ApplicationManager, type ApplicationPackage, BatchNotFoundError } from '@windrow/batch';
import { type Application, type ApplicationKey, batchApplicationId } from '@windrow/contract';
import { type BlobStore, deploymentId } from '@windrow/storage';
import { BatchRefusedRequestError, ConflictError, NotConfiguredError } from '../common/errors';
import { asking } from './asking';

/** Refusals of an activation that are for the user to put right. */
const NOT_THERE = 'ApplicationPackageBlobNotFound';
const NOT_A_ZIP = 'InvalidApplicationPackage';

/**
 * The applications of the Batch account that belong to workspaces. Besides what is said, every method throws
 * NotConfiguredError, DependencyUnavailableError or BatchRefusedRequestError.
 */
export class AccountApplications {
  private deployment: string | undefined;

  constructor(
    private readonly blobs: BlobStore,
    private readonly manager: ApplicationManager | undefined,
  ) {}

  /** The id that an application gets; the same always, and another one in each installation that shares the account. */
  async idOf({ workspace, application }: ApplicationKey): Promise<string> {
    this.managed();
    this.deployment ??= await deploymentId(this.blobs);
    const text = [this.deployment, workspace, application].join('/');
    return batchApplicationId({ workspace, application }, createHash('sha256').update(text).digest('hex'));
  }

  put(id: string, properties: { displayName?: string }): Promise<void> {
    return asking(() => this.managed().put(id, properties));
  }

  /** What there is of a package, else a new place to upload to. */
  package(application: Application, version: string): Promise<ApplicationPackage> {
    const manager = this.managed();
    const { batchApplication: id, displayName } = application;
    return asking(async () => {
      const known = await manager.getPackage(id, version);
      if (known) return known;
      try {
        return await manager.putPackage(id, version);
      } catch (error) {
        if (!(error instanceof BatchNotFoundError)) throw error;
        // The request that made the application did not come to its end.
        await manager.put(id, displayName === undefined ? {} : { displayName });
        return manager.putPackage(id, version);
      }
    });
  }

  /** Nothing happens to one that is active. @throws ConflictError PackageNotUploaded, PackageInvalid */
  async activate(id: string, version: string): Promise<void> {
    const manager = this.managed();
    try {
      await asking(async () => {
        const known = await manager.getPackage(id, version);
        if (known?.state !== 'Active') await manager.activatePackage(id, version);
      });
    } catch (error) {
      const code = error instanceof BatchRefusedRequestError ? error.batch.code : '';
      if (code !== NOT_THERE && code !== NOT_A_ZIP) throw error;
      const [problem, what] =
        code === NOT_THERE
          ? ['PackageNotUploaded', 'has no package: nothing was uploaded']
          : ['PackageInvalid', 'has a package that is no zip archive'];
      const remedy = 'PUT the version again for a link, upload a zip archive to it, and activate it then.';
      throw new ConflictError(problem, `Version '${version}' ${what}. ${remedy}`);
    }
  }

  deletePackage(id: string, version: string): Promise<void> {
    return asking(() => this.managed().deletePackage(id, version));
  }

  private managed(): ApplicationManager {
    if (this.manager) return this.manager;
    const message = `Applications live in the Batch account, which is changed through Azure's management. Set WINDROW_BATCH_ARM, for the API and the worker, to its endpoint and the account's resource id (https://management.azure.com/subscriptions/.../batchAccounts/{name}).`;
    throw new NotConfiguredError(message);
  }
}
