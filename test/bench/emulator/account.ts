/** What the measurements do with an account. */
import { performance } from 'node:perf_hooks';
import { poll, since } from '../timing';
import type { Client } from './client';
import { requestBodies, type Kind } from './tasks';

/** Requests under way at the same time: two keep the server busy without hiding what one costs. */
const LANES = 2;
/** Requests made ready in one go, so that their making does not count. */
const READY = 200;
const HOUR_MS = 3_600_000;

export async function createPool(client: Client, id: string, nodes: number, vmSize: string): Promise<void> {
  await client.post('/pools', {
    id,
    vmSize,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
    targetDedicatedNodes: nodes,
  });
  await poll('the nodes', 50, HOUR_MS, async () => {
    const { value } = await client.get('/nodecounts', { $filter: `poolId eq '${id}'` });
    return value[0]?.dedicated?.idle === nodes ? true : undefined;
  });
}

export async function createJob(client: Client, id: string, poolId: string): Promise<void> {
  await client.post('/jobs', { id, poolInfo: { poolId } });
}

/** Nothing starts while a job is disabled. */
export async function disable(client: Client, jobId: string): Promise<void> {
  await client.post(`/jobs/${jobId}/disable`, { disableTasks: 'wait' });
  await poll('the job to be disabled', 10, HOUR_MS, async () =>
    (await client.get(`/jobs/${jobId}`)).state === 'disabled' ? true : undefined,
  );
}

export const enable = (client: Client, jobId: string): Promise<Buffer> =>
  client.send('POST', `/jobs/${jobId}/enable`, undefined);

/** Sends bodies, a few at a time; the seconds that it took, without the making of the bodies. */
export async function sendAll(
  bodies: Iterator<Buffer>,
  send: (body: Buffer) => Promise<Buffer>,
  check: (answer: Buffer) => void = () => undefined,
): Promise<number> {
  let ms = 0;
  for (;;) {
    const ready: Buffer[] = [];
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      ready.push(next.value);
      if (ready.length === READY) break;
    }
    if (ready.length === 0) return ms / 1000;
    const began = performance.now();
    let at = 0;
    const lane = async () => {
      for (let body = ready[at++]; body; body = ready[at++]) check(await send(body));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    ms += since(began);
  }
}

/** Adds tasks; the seconds that it took. */
export function addTasks(
  client: Client,
  jobId: string,
  kind: Kind,
  from: number,
  to: number,
  seconds = 0,
): Promise<number> {
  return sendAll(
    requestBodies(kind, from, to, seconds),
    (body) => client.send('POST', `/jobs/${jobId}/addtaskcollection`, body),
    (answer) => {
      if (answer.includes('"clienterror"')) throw new Error(`A task was refused: ${answer.toString('utf8', 0, 500)}`);
    },
  );
}

export async function completedTasks(client: Client, jobId: string): Promise<number> {
  const { taskCounts } = await client.get(`/jobs/${jobId}/taskcounts`);
  if (taskCounts.failed > 0) throw new Error(`${taskCounts.failed} tasks failed.`);
  return taskCounts.completed as number;
}

export async function allCompleted(client: Client, jobId: string, tasks: number, everyMs = 100): Promise<void> {
  await poll('the tasks', everyMs, HOUR_MS, async () =>
    (await completedTasks(client, jobId)) === tasks ? true : undefined,
  );
}

/** How many tasks a listing gave, page by page. */
export async function listTasks(client: Client, jobId: string, filter?: string, limit = Infinity): Promise<number> {
  let count = 0;
  let token: string | undefined;
  do {
    const query = {
      ...(filter !== undefined && { $filter: filter }),
      ...(token !== undefined && { $skiptoken: token }),
    };
    const page = await client.get(`/jobs/${jobId}/tasks`, query);
    count += page.value.length;
    const link = page['odata.nextLink'] as string | undefined;
    token = link === undefined ? undefined : decodeURIComponent(/\$skiptoken=([^&]*)/.exec(link)?.[1] ?? '');
  } while (token !== undefined && count < limit);
  return count;
}
