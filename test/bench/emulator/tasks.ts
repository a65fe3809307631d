/** Tasks to add, as request bodies. */
import { createHash } from 'node:crypto';

/** `plain` has an environment value of its own, `realistic` links and outputs as well, as an engine sends them. */
export type Kind = 'plain' | 'realistic';

export const PER_REQUEST = 100;

const STORAGE = 'https://benchstorage0001.blob.core.windows.net';
const JOB = '6f1f7c1e-7a0b-4c35-9d5e-2f4c9d0a1b2c';

export function taskId(index: number): string {
  return String(index).padStart(8, '0');
}

/** A link that is good for one blob: only the signature and the name differ from those of other tasks. */
function link(name: string, permissions: string): string {
  const signature = encodeURIComponent(createHash('sha256').update(name).digest('base64'));
  return `${STORAGE}/${name}?sv=2024-11-04&st=2026-01-01T00%3A00%3A00Z&se=2026-01-08T00%3A00%3A00Z&sr=b&sp=${permissions}&sig=${signature}`;
}

function taskOf(kind: Kind, index: number, seconds: number): object {
  const id = taskId(index);
  const environmentSettings = [
    { name: 'TASK_INDEX', value: String(index) },
    { name: 'SIMULATED_DURATION', value: String(seconds) },
  ];
  if (kind === 'plain') return { id, commandLine: 'simulated', environmentSettings };
  const file = (pattern: string, target: string, uploadCondition: string) => ({
    filePattern: pattern,
    destination: { container: { containerUrl: link('workspace', 'cw'), path: `jobs/${JOB}/${target}/${id}` } },
    uploadOptions: { uploadCondition },
  });
  return {
    id,
    commandLine: `/bin/sh -c 'printf "%s\\n" "$ITEM" > items.jsonl && exec "$@"' run python3 program.py`,
    resourceFiles: [
      { httpUrl: link(`workspace/jobs/${JOB}/program.py`, 'r'), filePath: 'program.py' },
      { httpUrl: link(`workspace/jobs/${JOB}/items/${id}.jsonl`, 'r'), filePath: 'input.jsonl' },
    ],
    outputFiles: [
      file('../std*.txt', 'logs', 'taskcompletion'),
      {
        ...file('out/*', 'results', 'tasksuccess'),
        destination: {
          container: { containerUrl: link(`workspace/results-${id}`, 'cw'), path: `jobs/${JOB}/results/${id}` },
        },
      },
    ],
    environmentSettings: [
      { name: 'JOB_NAME', value: 'bench' },
      { name: 'ATTEMPT', value: '1' },
      { name: 'ITEM', value: JSON.stringify({ origin: 'AMS', flight: index, weight: index / 7 }) },
      ...environmentSettings,
    ],
    requiredSlots: 1,
    constraints: { maxTaskRetryCount: 2, maxWallClockTime: 'PT1H' },
  };
}

/** Bodies of "Task - Add Collection" with the tasks from one index up to another, which is not among them. */
export function* requestBodies(kind: Kind, from: number, to: number, seconds = 0): Generator<Buffer> {
  for (let first = from; first < to; first += PER_REQUEST) {
    const value: object[] = [];
    for (let index = first; index < Math.min(to, first + PER_REQUEST); index++)
      value.push(taskOf(kind, index, seconds));
    yield Buffer.from(JSON.stringify({ value }));
  }
}
