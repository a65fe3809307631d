import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { CliError, reasonOf } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Journal } from './journal';
import { safeTarget } from './safe-path';

/** A file of a job that can be fetched by a link. */
export interface Remote {
  /** Path below the target folder. */
  name: string;
  /** Unique among all jobs. */
  id: string;
  bytes: number;
  /** Reads the blob without any other proof: never shown. */
  url: string;
}

export interface FetchEvents {
  /** So many more have come. */
  bytes(count: number): void;
  sleep(ms: number): Promise<void>;
}

export type Fetched = 'fetched' | 'resumed' | 'unchanged';

const ATTEMPTS = 4;
const SILENCE_MS = 60_000;
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/**
 * Brings one file into the folder. What is there in the same size and with the same etag is not fetched again, half a
 * file is completed (`Range` with `If-Match`); a file appears under its name when it is whole.
 * @throws CliError that names the file, never its link
 */
export async function fetchFile(root: string, remote: Remote, journal: Journal, events: FetchEvents): Promise<Fetched> {
  const target = await safeTarget(root, remote.name);
  const part = `${target}.part`;
  let resumed = false;
  for (let attempt = 1; ; attempt++) {
    try {
      const known = journal.get(remote.id);
      const size = await sizeOf(target);
      const whole = known?.bytes !== undefined && size === known.bytes ? known.etag : undefined;
      const half = whole === undefined && known && known.bytes === undefined ? ((await sizeOf(part)) ?? 0) : 0;
      const response = await ask(remote.url, whole, half > 0 ? { from: half, etag: known!.etag } : undefined);
      if (response.status === 304) return 'unchanged';
      if (response.status === 412 || response.status === 416) {
        // Another version by now: begin again.
        await rm(part, { force: true });
        continue;
      }
      if (!response.ok || !response.body) throw new StatusError(response.status);
      const append = response.status === 206;
      resumed ||= append;
      const etag = response.headers.get('etag') ?? '';
      if (!append) journal.note({ id: remote.id, etag });
      await write(part, response.body, append, (count) => events.bytes(count));
      const bytes = (await sizeOf(part)) ?? 0;
      const total = totalOf(response, append);
      if (total !== undefined && bytes !== total) throw new Error(`${bytes} of ${total} bytes came`);
      await rename(part, target);
      journal.note({ id: remote.id, etag, bytes });
      return resumed ? 'resumed' : 'fetched';
    } catch (error) {
      const final = error instanceof StatusError && error.status < 500 && error.status !== 429;
      if (error instanceof CliError || final || attempt >= ATTEMPTS) throw notWhole(remote, error);
      await events.sleep(250 * 2 ** attempt);
    }
  }
}

class StatusError extends Error {
  constructor(readonly status: number) {
    super(`the storage answered ${status}${status === 403 ? ': the link is no longer valid' : ''}`);
  }
}

async function ask(
  url: string,
  whole: string | undefined,
  half: { from: number; etag: string } | undefined,
): Promise<Response> {
  const headers = {
    // A compressed answer would have another length than the blob.
    'accept-encoding': 'identity',
    ...(whole === undefined ? {} : { 'if-none-match': whole }),
    ...(half ? { range: `bytes=${half.from}-`, 'if-match': half.etag } : {}),
  };
  return fetch(url, { headers });
}

async function write(
  file: string,
  body: ReadableStream<Uint8Array>,
  append: boolean,
  onBytes: (count: number) => void,
) {
  const flags = constants.O_WRONLY | constants.O_CREAT | NO_LINK | (append ? constants.O_APPEND : constants.O_TRUNC);
  const handle = await open(file, flags, 0o644);
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), SILENCE_MS);
      if (done) return;
      await handle.writeFile(value);
      onBytes(value.byteLength);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await handle.close();
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function totalOf({ headers }: Response, partial: boolean): number | undefined {
  const text = partial ? headers.get('content-range')?.split('/')[1] : headers.get('content-length');
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

function notWhole({ name }: Remote, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const inner = reasonOf((error as Error).cause ?? error);
  return new CliError(`'${name}' could not be downloaded: ${inner}.`, {
    exitCode: ExitCode.local,
    next: 'Run the same command again: it goes on where it stopped.',
  });
}
