/** With a workspace go the grants in it: one of the same name that is made later is another workspace. */
import { WORKSPACE_KINDS } from '@windrow/contract';
import { ResourceMissingError } from '@windrow/storage';
import type { ResourceStore, Stored } from '@windrow/storage';

/** The part of an API key that speaks of workspaces. */
interface KeyGrants {
  roles: Record<string, string>;
  /** The only one it is for. */
  workspace?: string;
}

const PAGE = 1000;

/** Deletes what lies in the workspace's scope, and takes it out of API keys. May be done again. */
export async function deleteGrants(resources: ResourceStore, workspace: string): Promise<void> {
  for (const kind of WORKSPACE_KINDS) {
    const scope = [workspace];
    for await (const { name } of all(resources, { kind, scope })) await resources.delete({ kind, scope, name });
  }
  for await (const key of all<KeyGrants>(resources, { kind: 'apiKey', scope: [] })) {
    const place = { kind: 'apiKey', scope: [], name: key.name };
    if (key.value.workspace === workspace) await resources.delete(place);
    else if (Object.hasOwn(key.value.roles, workspace)) await ignoringMissing(() => resources.change(place, without));
  }

  function without({ roles: { [workspace]: _, ...roles }, ...key }: KeyGrants): KeyGrants {
    return { ...key, roles };
  }
}

async function* all<T extends object>(
  resources: ResourceStore,
  scope: { kind: string; scope: string[] },
): AsyncGenerator<Stored<T>> {
  let pageToken: string | undefined;
  do {
    const page = await resources.list<T>(scope, { pageSize: PAGE, ...(pageToken !== undefined && { pageToken }) });
    yield* page.rows;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** Somebody else may revoke it meanwhile. */
async function ignoringMissing(change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof ResourceMissingError)) throw error;
  }
}
