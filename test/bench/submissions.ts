/** A crowd that submits at once, against a script that only writes the same blob and starts the same workflow. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Client, Connection } from '@temporalio/client';
import type { JobSpec } from '@windrow/contract';
import { jobPaths, jobWorkflowId, TaskQueue, WorkflowType } from '@windrow/contract';
import { WORKSPACE } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { median, quantile } from './statistics';
import { poll, since } from './timing';

const SUBMISSIONS = 1000;
const CONNECTIONS = 50;
const WARM_UP = 200;
const ROUNDS = 3;

const SPEC: JobSpec = {
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: `/bin/sh -c 'true'`, timeout: 'PT5M' },
  pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } },
};

interface Side {
  /** Latencies of each round, in milliseconds. */
  rounds: number[][];
  submit: () => Promise<void>;
}

export const submissions: Bench = {
  name: 'submissions',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      // What the jobs do afterwards is not measured, on neither side.
      await stack.stack.processes['worker']!.kill();
      const accepted = new Set<string>();
      const sides = { plain: await plainScript(stack), windrow: windrow(stack, accepted) };
      for (const side of Object.values(sides)) await crowd(side.submit, WARM_UP);
      for (let round = 1; round <= ROUNDS; round++) {
        for (const [name, side] of Object.entries(sides)) {
          const latencies = await crowd(side.submit, SUBMISSIONS);
          side.rounds.push(latencies);
          say(
            `round ${round}, ${name}: p50 ${quantile(latencies, 0.5).toFixed(0)} ms, p95 ${p95(latencies).toFixed(0)} ms`,
          );
        }
      }
      await allThere(stack, accepted);
      return { figures: figures(sides.windrow, sides.plain), notes: [NOTE] };
    }),
};

const NOTE = `\`submissions\`: ${ROUNDS} rounds of ${SUBMISSIONS} submissions over ${CONNECTIONS} connections, one submission at a time on each, in turns with the script, which writes the specification's blob and starts the workflow with the clients of npm at the same concurrency; medians of the rounds. No worker runs meanwhile. Afterwards each accepted job is looked for in Temporal: a lost one is an error of the bench.`;

/** Milliseconds of each of `count` calls, one after the other on each connection. */
async function crowd(submit: () => Promise<void>, count: number): Promise<number[]> {
  const latencies: number[] = [];
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const began = performance.now();
      await submit();
      latencies.push(since(began));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return latencies;
}

function windrow(stack: TestStack, accepted: Set<string>): Side {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const body = JSON.stringify(SPEC);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const submit = () =>
    new Promise<void>((resolve, reject) => {
      const call = request(`${stack.stack.apiUrl}/v1/jobs`, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          if (response.statusCode !== 201) return reject(new Error(`POST: ${response.statusCode} ${text}`));
          accepted.add((JSON.parse(text) as { job: string }).job);
          resolve();
        });
      });
      call.on('error', reject).end(body);
    });
  return { rounds: [], submit };
}

async function plainScript(stack: TestStack): Promise<Side> {
  const container = stack.blobs.getContainerClient('plain');
  await container.createIfNotExists();
  const temporal = new Client({ connection: await Connection.connect({ address: stack.stack.temporalAddress }) });
  const body = JSON.stringify(SPEC);
  const submit = async () => {
    const uid = randomUUID();
    const createdTime = new Date().toISOString();
    await container.getBlockBlobClient(jobPaths(uid).spec).upload(body, Buffer.byteLength(body));
    await temporal.workflow.start(WorkflowType.job, {
      taskQueue: TaskQueue.control,
      workflowId: `plain:${uid}`,
      args: [{ workspace: 'plain', experiment: 'plain', job: uid, uid, createdTime }],
    });
  };
  return { rounds: [], submit };
}

async function allThere(stack: TestStack, accepted: Set<string>): Promise<void> {
  const expected = WARM_UP + ROUNDS * SUBMISSIONS;
  if (accepted.size !== expected) throw new Error(`${expected} submissions gave ${accepted.size} names.`);
  // Those of the script have the same type and other ids.
  const query = `WorkflowType = '${WorkflowType.job}'`;
  await poll('Temporal to list every job', 200, 60_000, async () =>
    (await stack.temporal.workflow.count(query)).count >= 2 * expected ? true : undefined,
  );
  const started = new Set<string>();
  for await (const { workflowId } of stack.temporal.workflow.list({ query })) started.add(workflowId);
  const key = { workspace: WORKSPACE, experiment: 'migrated' };
  const lost = [...accepted].filter((job) => !started.has(jobWorkflowId({ ...key, job })));
  if (lost.length > 0) throw new Error(`${lost.length} accepted jobs have no workflow, ${lost[0]} among them.`);
}

function figures(windrowSide: Side, plain: Side): Figure[] {
  const figure = (name: string, of: (latencies: number[]) => number): Figure => ({
    name: `submissions: ${name}`,
    value: median(windrowSide.rounds.map(of)),
    unit: 'ms',
    baseline: median(plain.rounds.map(of)),
  });
  return [{ ...figure('p95', p95), aim: { of: 'ratio', below: 2 } }, figure('median', median)];
}

function p95(latencies: number[]): number {
  return quantile(latencies, 0.95);
}
