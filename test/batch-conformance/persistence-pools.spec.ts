import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

describe('pools and nodes that outlive the emulator', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (): Promise<void> => {
    emulator = await startEmulator({ location, admin: true, timing: { allocation: 100, preemption: 600_000 } });
    rest = new Rest(emulator);
  };
  /** What a kill leaves: the next emulator gets the files as they are now, before anything was closed. */
  const restart = async (): Promise<void> => {
    const killed = { emulator, location };
    location = `${location}+`;
    // Folders that are just being removed may vanish under the copy.
    await until(() => copied(killed.location, location), 'a whole copy');
    await start();
    await killed.emulator.close();
    await rm(killed.location, { recursive: true, force: true });
  };
  const inState = (node: string, state: string): Promise<unknown> =>
    until(async () => (await rest.get(node)).json.state === state, `${node} to be ${state}`);
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-pools-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  it('automatic scaling goes on with its formula, interval and last run', async () => {
    const poolId = await createPool(rest, {
      targetDedicatedNodes: undefined,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes = 1; $NodeDeallocationOption = taskcompletion;',
      autoScaleEvaluationInterval: 'PT7M',
    });
    await poolReady(rest, poolId, 1);
    const before = (await rest.get(`/pools/${poolId}`)).json;
    await restart();
    const after = (await rest.get(`/pools/${poolId}`)).json;
    expect(after.autoScaleRun).toEqual(before.autoScaleRun);
    expect(after).toMatchObject({
      enableAutoScale: true,
      autoScaleFormula: before.autoScaleFormula,
      autoScaleEvaluationInterval: 'PT7M',
    });
    const failed = await rest.post(`/pools/${poolId}/evaluateautoscale`, { autoScaleFormula: '$nosuch' });
    expect(failed.json.results).toContain('$TargetDedicatedNodes=1;');
    expect(failed.json.results).toContain('$NodeDeallocationOption=taskcompletion');
    await rest.post(`/pools/${poolId}/disableautoscale`);
    await restart();
    const disabled = (await rest.get(`/pools/${poolId}`)).json;
    expect(disabled.enableAutoScale).toBe(false);
    expect(disabled).not.toHaveProperty('autoScaleRun');
  });

  it('a node that was chosen to leave leaves, whatever else there is', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 3 });
    const [chosen, ...others] = (await poolReady(rest, poolId, 3)).map((node) => node.id);
    const jobId = await createJob(rest, poolId);
    const long = { id: 'long', commandLine: 'sleep 300', affinityInfo: { affinityId: `TVM:${chosen}` } };
    await addTasks(rest, jobId, [long]);
    await taskInState(rest, jobId, 'long', 'running');
    const remove = { nodeList: [chosen], nodeDeallocationOption: 'taskcompletion' };
    expect((await rest.post(`/pools/${poolId}/removenodes`, remove)).status).toBe(202);
    await restart();
    const left = await poolReady(rest, poolId, 2);
    expect(left.map((node) => node.id).sort()).toEqual(others.sort());
    await rest.delete(`/jobs/${jobId}`);
  });

  it('a resize that failed stays failed', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
    await rest.post(`/pools/${poolId}/stopresize`);
    await until(async () => (await rest.get(`/pools/${poolId}`)).json.allocationState === 'steady', 'the pool to stop');
    const before = (await rest.get(`/pools/${poolId}`)).json;
    await restart();
    const after = (await rest.get(`/pools/${poolId}`)).json;
    for (const name of ['allocationState', 'allocationStateTransitionTime', 'resizeErrors', 'targetDedicatedNodes'])
      expect(after[name]).toEqual(before[name]);
  });

  it('nodes stay deallocated or disabled, and keep their users but no secret of them', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 2 });
    const [off, resting] = (await poolReady(rest, poolId, 2)).map((node) => `/pools/${poolId}/nodes/${node.id}`);
    await rest.post(`${off}/deallocate`);
    await inState(`${off}`, 'deallocated');
    await rest.post(`${resting}/users`, { name: 'somebody', password: 'very-secret', sshPublicKey: 'very-secret' });
    await rest.post(`${resting}/disablescheduling`);
    await restart();
    await inState(`${resting}`, 'offline');
    expect((await rest.get(`${off}`)).json.state).toBe('deallocated');
    expect((await rest.post(`${resting}/users`, { name: 'somebody' })).json.code).toBe('NodeUserExists');
    const journals = await readdir(path.join(location, 'journal'));
    for (const name of journals) {
      expect(await readFile(path.join(location, 'journal', name), 'utf8')).not.toContain('very-secret');
    }
  });

  it('a preempted node has lost its users and its files, also when the emulator dies before it is back', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 });
    const [{ id }] = (await poolReady(rest, poolId, 1)) as [Body];
    const node = `/pools/${poolId}/nodes/${id}`;
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
    });
    await runTask(rest, jobId, { id: 't', commandLine: 'echo x' });
    await rest.post(`${node}/users`, { name: 'somebody', password: 'secret' });
    const body = JSON.stringify({ kind: 'preempt', poolId });
    expect((await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body })).status).toBe(201);
    await restart();
    await poolReady(rest, poolId, 1);
    expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).status).not.toBe(200);
    expect((await rest.post(`${node}/users`, { name: 'somebody', password: 'secret' })).status).toBe(201);
    // What was prepared is gone, so there is nothing to release.
    await rest.post(`/jobs/${jobId}/terminate`);
    await jobInState(rest, jobId, 'completed');
    const [entry] = (await rest.get(`/jobs/${jobId}/jobpreparationandreleasetaskstatus`)).json.value;
    expect(entry).not.toHaveProperty('jobReleaseTaskExecutionInfo');
  });
});

async function copied(from: string, to: string): Promise<boolean> {
  await rm(to, { recursive: true, force: true });
  return cp(from, to, { recursive: true }).then(
    () => true,
    () => false,
  );
}
