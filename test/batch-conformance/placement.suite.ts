import { createJob, createPool, jobInState, poolReady, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import type { Target } from './target';

/** Which node a task gets where several have room. */
export function describePlacement(target: () => Target): void {
  describe('where tasks are placed', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    /** Adds a task that stays, and tells its node. */
    const place = async (jobId: string, id: string, fields: Body = {}): Promise<string> => {
      await rest.post(`/jobs/${jobId}/tasks`, { id, commandLine: 'sleep 600', ...fields });
      return (await taskInState(rest, jobId, id, 'running')).nodeInfo.nodeId;
    };
    const end = async (jobId: string): Promise<void> => {
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
    };

    it.each([
      ['spread', 2],
      ['pack', 1],
    ])('nodeFillType %s puts two tasks on %i nodes', async (nodeFillType, count) => {
      const poolId = await createPool(rest, {
        targetDedicatedNodes: 2,
        taskSlotsPerNode: 2,
        taskSchedulingPolicy: { nodeFillType },
      });
      await poolReady(rest, poolId, 2);
      const jobId = await createJob(rest, poolId);
      expect(new Set([await place(jobId, 'a'), await place(jobId, 'b')]).size).toBe(count);
      await end(jobId);
    });

    it('affinityInfo prefers a node that has room, and no more than prefers', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 2 });
      const nodes = await poolReady(rest, poolId, 2);
      for (const { id, affinityId } of nodes) {
        const jobId = await createJob(rest, poolId);
        const affinityInfo = { affinityId };
        expect(await place(jobId, 'first', { affinityInfo })).toBe(id);
        expect(await place(jobId, 'second', { affinityInfo })).not.toBe(id);
        await end(jobId);
      }
    });
  });
}
