import { createPool, poolReady } from './fixtures';
import { Rest } from './rest';
import type { Target } from './target';

/** Files of nodes beside those of tasks. */
export function describeNodeFiles(target: () => Target): void {
  describe('files of nodes', () => {
    let rest: Rest;
    let files: string;
    beforeAll(async () => {
      rest = new Rest(target());
      const startTask = {
        commandLine: `/bin/sh -c 'mkdir -p "$AZ_BATCH_NODE_SHARED_DIR/d"; echo a > "$AZ_BATCH_NODE_SHARED_DIR/d/f"'`,
      };
      const poolId = await createPool(rest, { startTask });
      const [node] = await poolReady(rest, poolId);
      files = `/pools/${poolId}/nodes/${node.id}/files`;
    });

    it('HEAD gives the properties, of directories as well', async () => {
      const file = await rest.head(`${files}/shared%2Fd%2Ff`);
      expect(file.headers).toMatchObject({ 'content-length': '2', 'ocp-batch-file-isdirectory': 'false' });
      expect((await rest.head(`${files}/shared%2Fd`)).headers['ocp-batch-file-isdirectory']).toBe('true');
      expect((await rest.head(`${files}/shared%2Fnosuchfile`)).status).toBe(404);
    });

    it('DELETE takes a directory that is not empty only with recursive', async () => {
      expect((await rest.delete(`${files}/shared%2Fd`)).status).toBeGreaterThanOrEqual(400);
      expect((await rest.delete(`${files}/shared%2Fd`, { query: { recursive: 'true' } })).status).toBe(200);
      expect((await rest.head(`${files}/shared%2Fd%2Ff`)).status).toBe(404);
    });
  });
}
