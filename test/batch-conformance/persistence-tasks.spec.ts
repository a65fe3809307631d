import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

describe('how tasks and jobs run, across a restart', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (): Promise<void> => {
    emulator = await startEmulator({ location });
    rest = new Rest(emulator);
  };
  const restart = async (): Promise<void> => {
    await emulator.close();
    await start();
  };
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-test-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  it('a task goes on waiting for those of its parents that were not done', async () => {
    const poolId = await createPool(rest, { taskSlotsPerNode: 2 });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId, { usesTaskDependencies: true });
    await runTask(rest, jobId, { id: '1', commandLine: 'true' });
    await addTasks(rest, jobId, [
      { id: 'child', commandLine: 'true', dependsOn: { taskIds: ['a'], taskIdRanges: [{ start: 1, end: 2 }] } },
    ]);
    await runTask(rest, jobId, { id: 'a', commandLine: 'true' });

    await restart();

    await poolReady(rest, poolId, 1);
    await runTask(rest, jobId, { id: 'other', commandLine: 'true' });
    expect((await rest.get(`/jobs/${jobId}/tasks/child`)).json.state).toBe('active');
    await addTasks(rest, jobId, [{ id: '2', commandLine: 'true' }]);
    await taskInState(rest, jobId, 'child', 'completed');
  });

  const nodeTasks = async (jobId: string): Promise<Body[]> =>
    (await rest.get(`/jobs/${jobId}/jobpreparationandreleasetaskstatus`)).json.value;

  it('preparations are known, and made again unless the job says otherwise', async () => {
    const poolId = await createPool(rest);
    await poolReady(rest, poolId, 1);
    const commandLine = `/bin/sh -c 'echo x >> runs'`;
    const jobs: Body[] = [];
    for (const rerunOnNodeRebootAfterSuccess of [true, false]) {
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine, rerunOnNodeRebootAfterSuccess },
      });
      await runTask(rest, jobId, { commandLine: 'true' });
      const [entry] = await nodeTasks(jobId);
      jobs.push({ jobId, entry });
    }

    await restart();

    const runs: string[] = [];
    for (const { jobId, entry } of jobs) {
      const [after] = await nodeTasks(jobId);
      expect(after.jobPreparationTaskExecutionInfo.endTime).toBe(entry.jobPreparationTaskExecutionInfo.endTime);
      await runTask(rest, jobId, { id: 'show', commandLine: `/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/runs'` });
      runs.push((await rest.get(`/jobs/${jobId}/tasks/show/files/stdout.txt`)).text);
    }
    expect(runs).toEqual(['x\nx\n', 'x\n']);
  });

  it('a preparation on the disk before a reimage does not count after a restart either', async () => {
    const poolId = await createPool(rest);
    const [node] = await poolReady(rest, poolId, 1);
    const job = { jobPreparationTask: { commandLine: 'true', rerunOnNodeRebootAfterSuccess: false } };
    const lost = await createJob(rest, poolId, job);
    await runTask(rest, lost, { commandLine: 'true' });
    await rest.post(`/pools/${poolId}/nodes/${node.id}/reimage`);
    await poolReady(rest, poolId, 1);
    const kept = await createJob(rest, poolId, job);
    await runTask(rest, kept, { commandLine: 'true' });
    const preparedAt = async (jobId: string): Promise<string> =>
      (await nodeTasks(jobId))[0]?.jobPreparationTaskExecutionInfo.startTime;
    const before = [await preparedAt(lost), await preparedAt(kept)];

    await restart();

    for (const jobId of [lost, kept]) await runTask(rest, jobId, { commandLine: 'true' });
    expect(await preparedAt(lost)).not.toBe(before[0]);
    expect(await preparedAt(kept)).toBe(before[1]);
  });

  it('a job that was being prepared, and one that was being released, go on', async () => {
    const poolId = await createPool(rest, { taskSlotsPerNode: 2 });
    await poolReady(rest, poolId, 1);
    const flag = '$AZ_BATCH_NODE_SHARED_DIR/again';
    const once = `/bin/sh -c 'test -e ${flag} || sleep 300'`;
    const preparing = await createJob(rest, poolId, { jobPreparationTask: { commandLine: once } });
    await addTasks(rest, preparing, [{ id: 't', commandLine: 'true' }]);
    const releasing = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: once },
    });
    await runTask(rest, releasing, { commandLine: 'true' });
    await rest.post(`/jobs/${releasing}/terminate`);
    await taskInState(rest, preparing, 't', 'preparing');
    await runTask(rest, await createJob(rest, poolId), { commandLine: `/bin/sh -c 'touch ${flag}'` });
    expect((await rest.get(`/jobs/${releasing}`)).json.state).toBe('terminating');

    await restart();

    await taskInState(rest, preparing, 't', 'completed');
    const job = await jobInState(rest, releasing, 'completed');
    expect(job.executionInfo.terminateReason).toBe('UserTerminate');
    expect((await nodeTasks(releasing))[0].jobReleaseTaskExecutionInfo).toMatchObject({ exitCode: 0 });
  });

  it('subtasks are kept, and a multi-instance task that ran is run again', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 2, enableInterNodeCommunication: true });
    await poolReady(rest, poolId, 2);
    const jobId = await createJob(rest, poolId);
    const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'true' };
    await runTask(rest, jobId, { id: 'done', commandLine: 'true', multiInstanceSettings });
    const slow = { numberOfInstances: 2, coordinationCommandLine: 'sleep 300' };
    await addTasks(rest, jobId, [{ id: 'ended', commandLine: 'true', multiInstanceSettings: slow }]);
    await taskInState(rest, jobId, 'ended', 'running');
    await rest.post(`/jobs/${jobId}/tasks/ended/terminate`);
    await addTasks(rest, jobId, [{ id: 'ran', commandLine: 'sleep 300', multiInstanceSettings }]);
    const before = await taskInState(rest, jobId, 'ran', 'running');
    const shown = async (): Promise<Body[]> =>
      (await Promise.all(['done', 'ended'].map((id) => rest.get(`/jobs/${jobId}/tasks/${id}/subtasksinfo`)))).flatMap(
        ({ json }) => json.value.map(({ nodeInfo, ...rest }: Body) => [nodeInfo.nodeId, rest]),
      );
    const subtasks = await shown();
    expect(subtasks.map(([, { state, result }]) => [state, result])).toEqual([
      ['completed', 'success'],
      ['completed', 'failure'],
    ]);

    await restart();

    expect(await shown()).toEqual(subtasks);
    const after = await taskInState(rest, jobId, 'ran', 'running');
    expect(after.executionInfo.startTime).not.toBe(before.executionInfo.startTime);
    expect(after.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
  });

  it('a node knows what it ran, and counts on', async () => {
    const poolId = await createPool(rest, { taskSlotsPerNode: 1 });
    const [node] = await poolReady(rest, poolId, 1);
    const [one, other] = [await createJob(rest, poolId), await createJob(rest, poolId)];
    const ran: string[] = [];
    for (let count = 0; count < 12; count++) {
      const jobId = count % 2 === 0 ? one : other;
      await runTask(rest, jobId, { id: `t${count}`, commandLine: count === 11 ? 'false' : 'true' });
      ran.push(`${jobId}/t${count}`);
    }
    const shown = async (): Promise<Body> => {
      const { totalTasksRun, totalTasksSucceeded, recentTasks } = (await rest.get(`/pools/${poolId}/nodes/${node.id}`))
        .json;
      return { totalTasksRun, totalTasksSucceeded, recentTasks: recentTasks.map(withoutUrl) };
    };
    const withoutUrl = (task: Body): Body => ({ ...task, taskUrl: undefined });
    const before = await shown();
    expect(before).toMatchObject({ totalTasksRun: 12, totalTasksSucceeded: 11 });
    expect(before.recentTasks.map((task: Body) => `${task.jobId}/${task.taskId}`)).toEqual(ran.slice(-10));

    await restart();

    expect(await shown()).toEqual(before);
    await runTask(rest, one, { id: 'later', commandLine: 'true' });
    const after = await shown();
    expect(after).toMatchObject({ totalTasksRun: 13, totalTasksSucceeded: 12 });
    expect(after.recentTasks.map((task: Body) => task.taskId)).toEqual([
      ...before.recentTasks.slice(1).map((task: Body) => task.taskId),
      'later',
    ]);
  });

  it('a job manager that ran is run again, and its job ends with it', async () => {
    const poolId = await createPool(rest);
    await poolReady(rest, poolId, 1);
    const commandLine = `/bin/sh -c 'test -e again || { touch again; sleep 300; }'`;
    const jobId = await createJob(rest, poolId, { jobManagerTask: { id: 'boss', commandLine } });
    const boss = await taskInState(rest, jobId, 'boss', 'running');
    const marker = `workitems/${jobId}/job-1/boss/wd/again`;
    const path = `/pools/${poolId}/nodes/${boss.nodeInfo.nodeId}/files/${encodeURIComponent(marker)}`;
    await until(async () => (await rest.get(path)).status === 200, 'its first run');

    await restart();

    expect((await jobInState(rest, jobId, 'completed')).executionInfo.terminateReason).toBe('JMComplete');
    expect((await rest.get(`/jobs/${jobId}/tasks`)).json.value).toHaveLength(1);
  });

  it('files whose time ran out while the emulator was away are gone, the others are not', async () => {
    const poolId = await createPool(rest);
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    await runTask(rest, jobId, { id: 'kept', commandLine: 'echo x' });
    const short = { id: 'short', commandLine: 'echo x', constraints: { retentionTime: 'PT0.3S' } };
    const { nodeInfo } = await runTask(rest, jobId, short);

    await restart();

    await until(async () => (await rest.get(`/jobs/${jobId}/tasks/short/files`)).status === 409, 'the end of its time');
    const list = `/pools/${poolId}/nodes/${nodeInfo.nodeId}/files`;
    await until(async () => {
      const names = (await rest.get(list, { query: { recursive: 'true' } })).json.value.map((file: Body) => file.name);
      return !names.includes(`workitems/${jobId}/job-1/short`);
    }, 'its directory to go');
    expect((await rest.get(`/jobs/${jobId}/tasks/kept/files/stdout.txt`)).text).toBe('x\n');
  });
});
