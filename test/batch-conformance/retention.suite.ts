import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest } from './rest';
import { until, type Target } from './target';

export function describeRetention(target: () => Target): void {
  describe('what remains of completed tasks and ending jobs', () => {
    let rest: Rest;
    let poolId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { taskSlotsPerNode: 4 });
      await poolReady(rest, poolId, 1);
    });

    it('files go when their retention time is over; the task still says where it ran', async () => {
      const jobId = await createJob(rest, poolId);
      const kept = await runTask(rest, jobId, { id: 'kept', commandLine: 'echo x' });
      await runTask(rest, jobId, { id: 'short', commandLine: 'echo x', constraints: { retentionTime: 'PT0.5S' } });
      const refused = await until(async () => {
        const answer = await rest.get(`/jobs/${jobId}/tasks/short/files/stdout.txt`);
        return answer.status !== 200 && answer;
      }, 'the files to go');
      expect([refused.status, refused.json.code]).toEqual([409, 'TaskFilesCleanedup']);
      expect((await rest.get(`/jobs/${jobId}/tasks/short/files`)).json.code).toBe('TaskFilesCleanedup');
      const { nodeInfo } = (await rest.get(`/jobs/${jobId}/tasks/short`)).json;
      expect(nodeInfo).toMatchObject({ poolId, nodeId: kept.nodeInfo.nodeId });
      const onNode = async (): Promise<string[]> => {
        const { value } = (
          await rest.get(`/pools/${poolId}/nodes/${nodeInfo.nodeId}/files`, { query: { recursive: 'true' } })
        ).json;
        return value.map((file: { name: string }) => file.name).filter((name: string) => name.includes(jobId));
      };
      await until(async () => !(await onNode()).some((name) => name.includes('/short')), 'the directory to go');
      expect((await rest.get(`/jobs/${jobId}/tasks/kept/files/stdout.txt`)).text).toBe('x\n');
    });

    it('files of a task that was reactivated count from its last end', async () => {
      const jobId = await createJob(rest, poolId);
      const constraints = { retentionTime: 'PT1S' };
      const first = await runTask(rest, jobId, {
        id: 't',
        commandLine: `/bin/sh -c 'echo x; sleep 0.2; exit 1'`,
        constraints,
      });
      await rest.post(`/jobs/${jobId}/tasks/t/reactivate`);
      const again = await until(async () => {
        const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
        return task.state === 'completed' && task.executionInfo.endTime !== first.executionInfo.endTime && task;
      }, 'the second end');
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('x\n');
      expect(again.executionInfo.retryCount).toBe(0);
    });

    it('a task that was reactivated and still runs keeps its files when those of its first run would go', async () => {
      const jobId = await createJob(rest, poolId);
      const constraints = { retentionTime: 'PT1S' };
      const again = `$AZ_BATCH_NODE_SHARED_DIR/again-${jobId}`;
      const commandLine = `/bin/sh -c 'echo x; test -e ${again} && sleep 300; touch ${again}; exit 1'`;
      await runTask(rest, jobId, { id: 't', commandLine, constraints });
      await rest.post(`/jobs/${jobId}/tasks/t/reactivate`);
      await taskInState(rest, jobId, 't', 'running');
      // It ends later, so its files go when it would have been the turn of the other's.
      const { nodeInfo } = await runTask(rest, jobId, { id: 'later', commandLine: 'echo x', constraints });
      const list = `/pools/${poolId}/nodes/${nodeInfo.nodeId}/files`;
      await until(async () => {
        const { value } = (await rest.get(list, { query: { recursive: 'true' } })).json;
        return !value.some(({ name }: { name: string }) => name.includes(jobId) && name.includes('/later'));
      }, 'the files of the later task to go');
      expect((await rest.get(`/jobs/${jobId}/tasks/t`)).json.state).toBe('running');
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('x\n');
      await rest.delete(`/jobs/${jobId}`);
    });

    it('force ends a job that waits for its release tasks', async () => {
      const start = async (): Promise<string> => {
        const jobId = await createJob(rest, poolId, {
          jobPreparationTask: { commandLine: 'true' },
          jobReleaseTask: { commandLine: 'sleep 300' },
        });
        await runTask(rest, jobId, { commandLine: 'true' });
        return jobId;
      };
      const terminated = await start();
      await rest.post(`/jobs/${terminated}/terminate`);
      await jobInState(rest, terminated, 'terminating');
      expect((await rest.post(`/jobs/${terminated}/terminate`)).json.code).toBe('JobBeingTerminated');
      expect((await rest.post(`/jobs/${terminated}/terminate`, undefined, { query: { force: 'true' } })).status).toBe(
        202,
      );
      await jobInState(rest, terminated, 'completed');
      const deleted = await start();
      await rest.delete(`/jobs/${deleted}`);
      expect((await rest.delete(`/jobs/${deleted}`)).json.code).toBe('JobBeingDeleted');
      expect((await rest.delete(`/jobs/${deleted}`, { query: { force: 'true' } })).status).toBe(202);
      await until(async () => (await rest.get(`/jobs/${deleted}`)).status === 404, 'the job to be gone');
    });

    it('a terminated job gives up tasks whose node is being prepared', async () => {
      const jobId = await createJob(rest, poolId, { jobPreparationTask: { commandLine: 'sleep 300' } });
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      await taskInState(rest, jobId, 't', 'preparing');
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      expect([task.state, task.executionInfo.failureInfo.code]).toEqual(['completed', 'TaskEnded']);
    });
  });
}
