/** Deleting applications: their packages and then they themselves in the Batch account, last what is stored of them. */
import { BatchRefusedError } from '@windrow/batch';
import type { ApplicationManager } from '@windrow/batch';
import type { Application, ApplicationKey } from '@windrow/contract';
import { applicationPlace, versionPlace } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { beating } from './poll';

const PAGE = 1000;

export function createApplicationDeletionActivities({ storage: { resources }, applications }: ActivityDeps) {
  /** One that is not there is success. */
  async function deleteApplication(key: ApplicationKey): Promise<void> {
    await beating(() => remove(key));
  }

  /** All of a workspace. What is deleted is listed no more, so that another attempt needs no cursor. */
  async function deleteApplications({ workspace }: { workspace: string }): Promise<{ removed: number }> {
    return beating(async () => {
      const { kind, scope } = applicationPlace({ workspace, application: '' });
      for (let removed = 0; ;) {
        const { rows } = await resources.list<Application>({ kind, scope }, { pageSize: PAGE });
        if (rows.length === 0) return { removed };
        for (const { name } of rows) await remove({ workspace, application: name });
        removed += rows.length;
      }
    });
  }

  async function remove(key: ApplicationKey): Promise<void> {
    const found = await resources.get<Application>(applicationPlace(key));
    if (!found) return;
    const id = found.value.batchApplication;
    const manager = managed(key);
    for (const version of await manager.listPackages(id)) await manager.deletePackage(id, version);
    // A version that was let in a moment before is a conflict, and passes with the next attempt.
    await manager.delete(id);
    const { kind, scope } = versionPlace({ ...key, version: '' });
    for (;;) {
      const { rows } = await resources.list({ kind, scope }, { pageSize: PAGE });
      if (rows.length === 0) break;
      for (const { name } of rows) await resources.delete({ kind, scope, name });
    }
    await resources.delete(applicationPlace(key));
  }

  function managed({ workspace, application }: ApplicationKey): ApplicationManager {
    if (applications) return applications;
    const text = `Application '${application}' of workspace '${workspace}' cannot be deleted: set WINDROW_BATCH_ARM for the worker, and delete it again.`;
    throw new BatchRefusedError(text, { code: 'NotConfigured' });
  }

  return { deleteApplication, deleteApplications };
}
