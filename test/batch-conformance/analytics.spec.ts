import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

describe('what the account tells of itself', () => {
  let folder: string;
  let emulator: Emulator;
  let rest: Rest;
  let arm: Arm;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'emulator-analytics-'));
    emulator = await startEmulator({
      admin: true,
      bearer: true,
      events: path.join(folder, 'events.jsonl'),
      activityLog: path.join(folder, 'activity.jsonl'),
    });
    rest = new Rest(emulator);
    arm = new Arm(emulator);
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const lines = (text: string): Body[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const page = async (name: string): Promise<string> => (await fetch(`${emulator.url}/emulator/${name}`)).text();
  const events = async (since = 0): Promise<Body[]> => lines(await page(`events?follow=false&since=${since}`));
  const about = async (id: string): Promise<Body[]> => (await events()).filter((event) => event.properties.id === id);

  it('pools: create, resize and delete, with what the service says of them', async () => {
    const id = await createPool(rest, { vmSize: 'simulated_d2', displayName: 'shown', taskSlotsPerNode: 2 });
    await poolReady(rest, id, 1);
    await rest.post(`/pools/${id}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' });
    await poolReady(rest, id, 0);
    await rest.delete(`/pools/${id}`);
    await until(async () => (await rest.get(`/pools/${id}`)).status === 404, 'the pool to be gone');
    const found = await about(id);
    expect(found.map(({ operationName }) => operationName)).toEqual([
      'PoolCreateEvent',
      'PoolResizeStartEvent',
      'PoolResizeCompleteEvent',
      'PoolResizeStartEvent',
      'PoolResizeCompleteEvent',
      'PoolDeleteStartEvent',
      'PoolDeleteCompleteEvent',
    ]);
    const [create, grow, grown, shrink, shrunk, , gone] = found;
    expect(create).toMatchObject({ category: 'ServiceLog', resourceId: emulator.resourceId, time: expect.any(String) });
    expect(create.properties).toEqual({
      id,
      displayName: 'shown',
      vmSize: 'simulated_d2',
      imageType: 'VirtualMachineConfiguration',
      networkConfiguration: { subnetId: '' },
      virtualMachineConfiguration: {
        imageReference: expect.objectContaining({ publisher: 'canonical' }),
        nodeAgentId: 'batch.node.ubuntu 22.04',
      },
      resizeTimeout: '900000',
      targetDedicatedNodes: 1,
      targetLowPriorityNodes: 0,
      taskSlotsPerNode: 2,
      vmFillType: 'Spread',
      enableAutoScale: false,
      enableInterNodeCommunication: false,
      isAutoPool: false,
    });
    expect(grow.properties).toMatchObject({
      nodeDeallocationOption: 'invalid',
      currentDedicatedNodes: 0,
      targetDedicatedNodes: 1,
    });
    expect(grown.properties).toMatchObject({
      currentDedicatedNodes: 1,
      resultCode: 'Success',
      resultMessage: 'The operation succeeded',
    });
    expect(shrink.properties).toMatchObject({ nodeDeallocationOption: 'taskcompletion', targetDedicatedNodes: 0 });
    expect(Date.parse(shrunk.properties.endTime)).toBeGreaterThanOrEqual(Date.parse(shrunk.properties.startTime));
    expect(gone.properties).toEqual({ id, startTime: expect.any(String), endTime: expect.any(String) });
  });

  it('a resize that failed says so', async () => {
    const rule = { kind: 'allocationFailure', code: 'AccountCoreQuotaReached', times: 1 };
    await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body: JSON.stringify(rule) });
    const id = await createPool(rest, { vmSize: 'simulated_d2' });
    await poolReady(rest, id, 0);
    expect((await about(id)).at(-1).properties).toMatchObject({ resultCode: 'AccountCoreQuotaReached' });
  });

  it('tasks: a start with every attempt, a completion, and a failure beside it', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d2' });
    const jobId = await createJob(rest, poolId);
    const id = uniqueId('task');
    await runTask(rest, jobId, {
      id,
      commandLine: 'x',
      environmentSettings: [{ name: 'SIMULATED_EXIT_CODE', value: '3' }],
      constraints: { maxTaskRetryCount: 1 },
    });
    const found = await about(id);
    expect(found.map(({ operationName, properties }) => [operationName, properties.executionInfo.retryCount])).toEqual([
      ['TaskStartEvent', 0],
      ['TaskStartEvent', 1],
      ['TaskCompleteEvent', 1],
      ['TaskFailEvent', 1],
    ]);
    expect(found[2].properties).toEqual({
      jobId,
      id,
      taskType: 'User',
      systemTaskVersion: 0,
      requiredSlots: 1,
      nodeInfo: { poolId, nodeId: expect.stringMatching(/^tvmps_/) },
      multiInstanceSettings: { numberOfInstances: 1 },
      constraints: { maxTaskRetryCount: 1 },
      executionInfo: {
        startTime: expect.any(String),
        endTime: expect.any(String),
        exitCode: 3,
        retryCount: 1,
        requeueCount: 0,
      },
    });
    expect(found[3].properties.executionInfo).not.toHaveProperty('schedulingError');
  });

  it('a task that could not start names the error', async () => {
    const jobId = await createJob(rest, await createPool(rest));
    const task = await runTask(rest, jobId, { commandLine: 'no-such-program' });
    const fail = (await about(task.id)).find(({ operationName }) => operationName === 'TaskFailEvent');
    expect(fail.properties.executionInfo.schedulingError.code).toBe('CommandProgramNotFound');
  });

  it('events can be followed, from a number on, and one that is told later is not told twice', async () => {
    const last = (await events()).at(-1).sequence;
    const abort = new AbortController();
    const answer = await fetch(`${emulator.url}/emulator/events?since=${last}`, { signal: abort.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (id: string): Promise<Body[]> => {
      while (!lines(text.slice(0, text.lastIndexOf('\n') + 1)).some((event) => event.properties.id === id)) {
        text += (await reader?.read())?.value ?? '';
      }
      return lines(text.slice(0, text.lastIndexOf('\n') + 1));
    };
    const first = await createPool(rest, { targetDedicatedNodes: 0 });
    await readUntil(first);
    const second = await createPool(rest, { targetDedicatedNodes: 0 });
    const seen = await readUntil(second);
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_event, at) => last + 1 + at));
    expect(seen.map(({ properties }) => properties.id)).toEqual([first, second]);
    abort.abort();
  });

  it('the file holds the same events', async () => {
    const id = await createPool(rest, { targetDedicatedNodes: 0 });
    const file = await until(async () => {
      const text = await readFile(path.join(folder, 'events.jsonl'), 'utf8');
      return text.includes(id) && lines(text.slice(0, text.lastIndexOf('\n')));
    }, 'the event in the file');
    const told = await events();
    expect(file.slice(0, told.length)).toEqual(
      told.map(({ sequence: _sequence, ...event }) => event).slice(0, file.length),
    );
  });

  it('metrics have the names of the service, with its dimensions', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d2', targetDedicatedNodes: 2 });
    await poolReady(rest, poolId, 2);
    const jobId = await createJob(rest, poolId);
    await runTask(rest, jobId, { commandLine: 'x' });
    await rest.post(`/jobs/${jobId}/terminate`);
    await until(
      async () => (await page('metrics')).includes(`JobTerminateCompleteEvent{jobId="${jobId}"} 1`),
      'the end',
    );
    const metrics = (await page('metrics')).split('\n');
    expect(metrics).toEqual(
      expect.arrayContaining([
        '# TYPE TaskStartEvent counter',
        `TaskStartEvent{poolId="${poolId}",jobId="${jobId}"} 1`,
        `TaskCompleteEvent{poolId="${poolId}",jobId="${jobId}"} 1`,
        `PoolResizeCompleteEvent{poolId="${poolId}"} 1`,
        `JobStartEvent{jobId="${jobId}"} 1`,
        '# TYPE IdleNodeCount gauge',
        'PreemptedNodeCount 0',
      ]),
    );
    expect(metrics.some((line) => line.startsWith(`TaskFailEvent{poolId="${poolId}"`))).toBe(false);
    const total = Number(metrics.find((line) => line.startsWith('TotalNodeCount '))?.split(' ')[1]);
    const listed = (await rest.get('/nodecounts')).json.value.map((count: Body) => count.dedicated.total);
    expect(total).toBe(listed.reduce((sum: number, count: number) => sum + count, 0));
  });

  it('the activity log has what management did, and nothing else', async () => {
    const id = uniqueId('pool');
    await arm.put(`pools/${id}`, { properties: { vmSize: 'simulated_d2' } });
    await arm.get(`pools/${id}`);
    await arm.put(`pools/${id}`, { properties: { colour: 'red' } });
    await arm.post('listKeys');
    await createPool(rest, { targetDedicatedNodes: 0 });
    const { value } = JSON.parse(await page('activity-log'));
    expect(value.map((entry: Body) => [entry.operationName, entry.resultType])).toEqual([
      ['Microsoft.Batch/batchAccounts/pools/write', 'Success'],
      ['Microsoft.Batch/batchAccounts/pools/write', 'Failure'],
      ['Microsoft.Batch/batchAccounts/listkeys/action', 'Success'],
    ]);
    expect(value[1]).toMatchObject({ resultSignature: 'Failed.400', category: 'Administrative' });
    expect(value.map((entry: Body) => entry.resourceId)).toEqual([
      `${emulator.resourceId}/pools/${id}`,
      `${emulator.resourceId}/pools/${id}`,
      emulator.resourceId,
    ]);
    const file = await until(async () => {
      const text = await readFile(path.join(folder, 'activity.jsonl'), 'utf8');
      return lines(text).length === 3 && lines(text);
    }, 'the entries in the file');
    expect(file).toEqual(value);
  });

  it('none of it is offered without --admin', async () => {
    const plain = await startEmulator({ bearer: true });
    for (const name of ['events', 'metrics', 'activity-log']) {
      expect((await fetch(`${plain.url}/emulator/${name}`)).status).not.toBe(200);
    }
    await plain.close();
  });
});
