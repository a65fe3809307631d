import { BatchRefusedError, BatchUnavailableError } from '../errors';
import { withoutSecrets } from '../transport/failure';
import { backoffMs } from '../transport/retry';
import type { Transport } from '../transport/transport';
import type { BatchTaskCreateOptions, TaskAddResult } from '../types/task';
import { jobPath } from './jobs';

/** Tasks of one request, the service's limit. */
const MAX_TASKS = 100;
/** Bytes of one request: the service's limit is about 1 MiB, and it is cheaper to stay below than to be told. */
const MAX_BYTES = 1_000_000;

export interface AddResult {
  added: number;
  /** Tasks that were there already: an earlier attempt of the same step added them. */
  existed: number;
  refused: { taskId: string; code: string; message: string }[];
}

/** A task with its JSON, which is made once. */
interface Entry {
  id: string;
  json: string;
}

/**
 * Adds tasks, in as many requests as it takes, one after the other. Safe to repeat: tasks that exist count as
 * `existed`. Tasks the service refuses one by one are reported, not thrown; those it failed to add are sent again.
 * @throws BatchRefusedError code `RequestBodyTooLarge`, naming the task, when one task alone is too large
 * @throws BatchUnavailableError when the service kept failing on a task
 * @throws BatchError of the job itself, such as BatchNotFoundError or BatchConflictError `JobCompleted`
 */
export async function addCollection(
  transport: Transport,
  jobId: string,
  tasks: BatchTaskCreateOptions[],
): Promise<AddResult> {
  const result: AddResult = { added: 0, existed: 0, refused: [] };
  let entries: Entry[] = tasks.map((task) => ({ id: task.id, json: JSON.stringify(task) }));
  for (let attempt = 1; ; attempt += 1) {
    const failed: Entry[] = [];
    for (const chunk of chunks(entries)) failed.push(...(await addChunk(transport, jobId, chunk, result)));
    if (failed.length === 0) return result;
    if (attempt >= transport.retry.maxAttempts) throw keptFailing(jobId, failed);
    await transport.runtime.sleep(backoffMs(transport.retry, transport.runtime, attempt));
    entries = failed;
  }
}

/** Splits so that no request has too many tasks or bytes; a task that is too large has a request of its own. */
export function* chunks(entries: Entry[]): Generator<Entry[]> {
  let chunk: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.json) + 1;
    if (chunk.length > 0 && (chunk.length === MAX_TASKS || bytes + size > MAX_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(entry);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** Sends one request, halving it while it is too large. Returns what the service failed to add. */
async function addChunk(transport: Transport, jobId: string, chunk: Entry[], result: AddResult): Promise<Entry[]> {
  let answers: TaskAddResult[];
  try {
    const answer = await transport.json<{ value?: TaskAddResult[] }>({
      operation: 'tasks.addCollection',
      method: 'POST',
      path: `${jobPath(jobId)}/addtaskcollection`,
      body: `{"value":[${chunk.map(({ json }) => json).join(',')}]}`,
      expect: [200],
      tasks: chunk.length,
    });
    answers = answer.value ?? [];
  } catch (error) {
    if (!(error instanceof BatchRefusedError) || error.code !== 'RequestBodyTooLarge') throw error;
    if (chunk.length === 1) throw tooLarge(jobId, chunk[0]!, error);
    const middle = Math.ceil(chunk.length / 2);
    const first = await addChunk(transport, jobId, chunk.slice(0, middle), result);
    return [...first, ...(await addChunk(transport, jobId, chunk.slice(middle), result))];
  }
  const byId = new Map(answers.map((answer) => [answer.taskId, answer]));
  return chunk.filter(({ id }) => !settled(id, byId.get(id), result));
}

/** Counts the outcome for a task; false when it is to be sent again. */
function settled(taskId: string, answer: TaskAddResult | undefined, result: AddResult): boolean {
  const code = answer?.error?.code ?? 'Unknown';
  if (answer?.status === 'success') {
    result.added += 1;
  } else if (answer?.status === 'clienterror' && code === 'TaskExists') {
    result.existed += 1;
  } else if (answer?.status === 'clienterror') {
    const reasons = (answer.error?.values ?? []).map(({ key, value }) => ` ${key}: ${value}.`).join('');
    const text = (answer.error?.message?.value ?? '').split('\n', 1)[0] ?? '';
    result.refused.push({ taskId, code, message: withoutSecrets(text + reasons) });
  } else {
    return false;
  }
  return true;
}

function tooLarge(jobId: string, { id, json }: Entry, cause: BatchRefusedError): BatchRefusedError {
  const bytes = Buffer.byteLength(json);
  return new BatchRefusedError(
    `Task '${id}' of job '${jobId}' is too large for a request: ${bytes} bytes, of which Batch takes about 1 MiB. ` +
      'Give it fewer downloads or a smaller environment.',
    { code: cause.code, cause, ...(cause.status !== undefined && { status: cause.status }) },
  );
}

function keptFailing(jobId: string, failed: Entry[]): BatchUnavailableError {
  return new BatchUnavailableError(
    `Batch kept failing to add ${failed.length} tasks of job '${jobId}', '${failed[0]!.id}' among them.`,
    { code: 'TasksNotAdded' },
  );
}
