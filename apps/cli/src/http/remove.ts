import type { Context } from '../context';

/** Deletes, and says how far that is: some things go at once, some in a while, and some were not there. */
export async function remove({ api, out }: Context, path: string, what: string): Promise<void> {
  const response = await api.open(path, { method: 'DELETE' });
  await response.body?.cancel();
  out.note(response.status === 202 ? `Deletion of ${what} has begun.` : `There is no ${what} any more.`);
}
