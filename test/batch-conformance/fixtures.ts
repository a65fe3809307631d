import type { Body, Rest } from './rest';
import { uniqueId, until } from './target';

export const IMAGE = {
  imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
  nodeAgentSKUId: 'batch.node.ubuntu 22.04',
};

/** Creates a pool; the answer of the create must be 201. */
export async function createPool(rest: Rest, fields: Body = {}): Promise<string> {
  const id = uniqueId('pool');
  const body = { id, vmSize: 'Standard_D2_v3', virtualMachineConfiguration: IMAGE, targetDedicatedNodes: 1, ...fields };
  const answer = await rest.post('/pools', body);
  if (answer.status !== 201) throw new Error(`create pool: ${answer.status} ${answer.text}`);
  return id;
}

export async function createJob(rest: Rest, poolId: string, fields: Body = {}): Promise<string> {
  const id = uniqueId('job');
  const answer = await rest.post('/jobs', { id, poolInfo: { poolId }, ...fields });
  if (answer.status !== 201) throw new Error(`create job: ${answer.status} ${answer.text}`);
  return id;
}

export async function addTasks(rest: Rest, jobId: string, tasks: Body[]): Promise<Body[]> {
  const answer = await rest.post(`/jobs/${jobId}/addtaskcollection`, { value: tasks });
  if (answer.status !== 200) throw new Error(`add tasks: ${answer.status} ${answer.text}`);
  return answer.json.value;
}

/** Waits until the pool is steady with as many usable nodes. */
export function poolReady(rest: Rest, poolId: string, nodes = 1): Promise<Body[]> {
  return until(async () => {
    const pool = (await rest.get(`/pools/${poolId}`)).json;
    const list: Body[] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
    const usable = list.filter((node) => node.state === 'idle' || node.state === 'running');
    return pool.allocationState === 'steady' && usable.length === nodes && usable;
  }, `${nodes} nodes in ${poolId}`);
}

export function taskInState(rest: Rest, jobId: string, taskId: string, state: string): Promise<Body> {
  return until(async () => {
    const task = (await rest.get(`/jobs/${jobId}/tasks/${taskId}`)).json;
    return task.state === state && task;
  }, `task ${taskId} to be ${state}`);
}

/** Adds one task and waits for its end. */
export async function runTask(rest: Rest, jobId: string, fields: Body): Promise<Body> {
  const id = fields.id ?? uniqueId('task');
  const answer = await rest.post(`/jobs/${jobId}/tasks`, { ...fields, id });
  if (answer.status !== 201) throw new Error(`add task: ${answer.status} ${answer.text}`);
  return taskInState(rest, jobId, id, 'completed');
}

export function jobInState(rest: Rest, jobId: string, state: string): Promise<Body> {
  return until(async () => {
    const job = (await rest.get(`/jobs/${jobId}`)).json;
    return job.state === state && job;
  }, `job ${jobId} to be ${state}`);
}

/** A time in a form that compares as text: the service drops trailing zeros of the fraction. */
export function instant(time: string): string {
  const [second = '', fraction = ''] = time.replace('Z', '').split('.');
  return `${second}.${fraction.padEnd(7, '0')}`;
}
