import { type Context, suggested } from '../context';
import { CliError, UnreachableError } from '../errors';
import { ExitCode } from '../exit-codes';
import { events, type ServerEvent } from '../http/events';
import { hasEnded, type Job } from './job';

const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2000;
/** How long an API may be away before whoever follows a job gives up. */
const PATIENCE_MS = 5 * 60_000;
const STREAMS_WITHOUT_NEWS = 3;

export interface FollowOptions {
  signal: AbortSignal;
  /** Ends with exit code 8 when the job has not ended by then. */
  timeoutMs?: number;
}

/**
 * The job as it is now and after each change, the last one ended. By the API's event stream where it has one, else by
 * asking again and again. A while without an answer is told and waited for.
 * @throws CliError when the time is over; ends without an error when `signal` is aborted
 */
export async function* follow(context: Context, path: string, options: FollowOptions): AsyncGenerator<Job> {
  const limit = timeLimit(options);
  try {
    let seen: string | undefined;
    for await (const job of snapshots(context, path, limit.signal)) {
      const text = JSON.stringify(job);
      if (text !== seen) yield job;
      seen = text;
      if (hasEnded(job)) return;
    }
  } catch (error) {
    if (!limit.signal.aborted) throw error;
  } finally {
    limit.clear();
  }
  if (limit.over()) throw timeIsOver(context, path, options.timeoutMs ?? 0);
}

async function* snapshots(context: Context, path: string, signal: AbortSignal): AsyncGenerator<Job> {
  const first = await context.api.json<Job>(path, { signal });
  yield first;
  if (hasEnded(first)) return;
  let known = first;
  let fruitless = 0;
  while (fruitless < STREAMS_WITHOUT_NEWS && !signal.aborted) {
    const stream = await events(context.api, `${path}/events`, signal);
    if (!stream) break;
    fruitless += 1;
    for await (const event of stream) {
      fruitless = 0;
      known = changed(known, event) ?? (await patiently(context, path, signal));
      yield known;
      if (hasEnded(known)) break;
    }
    // A stream that ended may have ended with the job.
    if (!hasEnded(known)) known = await patiently(context, path, signal);
    yield known;
  }
  let pause = FIRST_POLL_MS;
  let seen = known.updatedTime;
  while (!signal.aborted) {
    await context.io.sleep(pause, signal);
    if (signal.aborted) return;
    const job = await patiently(context, path, signal);
    pause = job.updatedTime === seen ? Math.min(LONGEST_POLL_MS, pause * 1.4) : Math.max(FIRST_POLL_MS, pause / 2);
    seen = job.updatedTime;
    yield job;
  }
}

/** The job; an API that is away for a while (a restart, say) does not end what may go on for days. */
async function patiently({ api, io, out }: Context, path: string, signal: AbortSignal): Promise<Job> {
  const since = io.now();
  for (;;) {
    try {
      return await api.json<Job>(path, { signal });
    } catch (error) {
      const away =
        error instanceof UnreachableError || (error instanceof CliError && error.exitCode === ExitCode.unavailable);
      if (!away || signal.aborted || io.now() - since > PATIENCE_MS) throw error;
      out.note('The API is away; the job goes on without it. Still waiting for it.');
      await io.sleep(LONGEST_POLL_MS, signal);
    }
  }
}

/** The job as it is after an event, which tells a part of it or all; undefined: it has to be asked for. */
function changed(job: Job, { name, data }: ServerEvent): Job | undefined {
  if (isJob(data)) return data;
  if (typeof data !== 'object' || data === null) return undefined;
  if (name === 'counts') return { ...job, counts: data as Job['counts'] };
  // That of an end lacks what the job came to: `end` follows, with all of it.
  if (name === 'state') return isEnd(data) ? job : merged(job, data);
  return name === 'message' && 'code' in data && data.code !== 'failures' ? job : undefined;
}

/** Null stands for what there is not any more. */
function merged(job: Job, data: object): Job {
  return Object.fromEntries(
    Object.entries({ ...job, ...data }).filter(([, value]) => value !== null),
  ) as unknown as Job;
}

function isEnd(data: object): boolean {
  return 'state' in data && hasEnded({ state: data.state } as Job);
}

function isJob(data: unknown): data is Job {
  if (typeof data !== 'object' || data === null) return false;
  const { job, state, counts, failures } = data as Partial<Job>;
  return typeof job === 'string' && typeof state === 'string' && typeof counts === 'object' && Array.isArray(failures);
}

function timeLimit({ signal, timeoutMs }: FollowOptions) {
  if (timeoutMs === undefined) return { signal, clear: () => undefined, over: () => false };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    clear: () => clearTimeout(timer),
    over: () => controller.signal.aborted,
  };
}

function timeIsOver(context: Context, path: string, timeoutMs: number): CliError {
  const name = decodeURIComponent(path.split('/').at(-1) ?? '');
  return new CliError(`Job '${name}' has not ended within ${timeoutMs / 1000} s.`, {
    exitCode: ExitCode.timedOut,
    next: `It goes on. \`${suggested(context, `watch ${name}`)}\` follows it; \`${suggested(context, `cancel ${name}`)}\` ends it.`,
  });
}
