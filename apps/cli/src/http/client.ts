import { ApiError, CliError, errnoOf, reasonOf, UnreachableError } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Io } from '../io';
import { apiError } from './problem';
import { MAX_ATTEMPTS, retryAfterFailure, retryAfterStatus, waitMs } from './retry';

const ANSWER_MS = 30_000;

export interface ClientOptions {
  /** Without `/v1`. */
  url: string;
  key?: string;
}

export interface RequestOptions {
  method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  query?: Record<string, string | number | string[] | undefined>;
  headers?: Record<string, string>;
  /** Whether asking twice has the effect of asking once; by default all but POST. */
  repeatable?: boolean;
  /** Until the answer begins (of a document: until it is whole). Default 30 s. */
  timeoutMs?: number;
  /** Default 4, of which the first is no retry. */
  attempts?: number;
  signal?: AbortSignal;
}

/** Requests to the API: key, retries that are told on standard error, errors as {@link CliError}. */
export class ApiClient {
  constructor(
    private readonly options: ClientOptions,
    private readonly io: Pick<Io, 'err' | 'sleep' | 'now'>,
  ) {}

  get url(): string {
    return this.options.url;
  }

  /**
   * The JSON document at a path such as `/v1/jobs/x`; undefined when the answer has no content.
   * @throws ApiError for any answer but 2xx; UnreachableError when none came
   */
  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const { response, done } = await this.request(path, options);
    try {
      const text = await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch (error) {
      throw this.broken(error, path);
    } finally {
      done();
    }
  }

  /** The answer with its body still to be read, which may take as long as it does. */
  async open(path: string, options: RequestOptions = {}): Promise<Response> {
    const { response, done } = await this.request(path, options);
    done();
    return response;
  }

  private async request(path: string, options: RequestOptions): Promise<{ response: Response; done: () => void }> {
    const { method = 'GET', attempts = MAX_ATTEMPTS } = options;
    const repeatable = options.repeatable ?? method !== 'POST';
    const url = this.address(path, options.query);
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts;
      const limit = timeLimit(options.timeoutMs ?? ANSWER_MS, options.signal);
      try {
        const response = await fetch(url, {
          method,
          headers: this.headers(options),
          signal: limit.signal,
          ...bodyOf(options),
        });
        if (response.ok) return { response, done: limit.done };
        if (last || !retryAfterStatus(response.status, repeatable)) throw await apiError(response, method, shown(url));
        await response.body?.cancel();
        await this.pause(
          `The API answered ${response.status}`,
          attempt,
          attempts,
          response.headers.get('retry-after'),
          options,
        );
      } catch (error) {
        if (error instanceof CliError || options.signal?.aborted) throw error;
        if (last || !retryAfterFailure(errnoOf(causeOf(error)), repeatable))
          throw this.unreachable(error, method, url, attempt);
        await this.pause(`No answer (${reason(error)})`, attempt, attempts, null, options);
      } finally {
        limit.pause();
      }
    }
  }

  private async pause(
    what: string,
    attempt: number,
    attempts: number,
    retryAfter: string | null,
    options: RequestOptions,
  ) {
    const ms = waitMs(attempt, retryAfter, this.io.now());
    const seconds = (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
    this.io.err.write(`${what}; trying again in ${seconds} s (${attempt} of ${attempts - 1}).\n`);
    await this.io.sleep(ms, options.signal);
    options.signal?.throwIfAborted();
  }

  /** Links of answers may name another host than the one that was asked; the key goes to ours only. */
  private address(path: string, query: RequestOptions['query'] = {}): URL {
    const { pathname, search } = new URL(path, 'http://placeholder');
    const url = new URL(this.options.url + pathname + search);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      url.searchParams.delete(name);
      for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
    }
    return url;
  }

  private headers({ body, headers }: RequestOptions): Record<string, string> {
    return {
      accept: 'application/json',
      'user-agent': 'windrow-cli',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.options.key === undefined ? {} : { authorization: `Bearer ${this.options.key}` }),
      ...headers,
    };
  }

  private unreachable(error: unknown, method: string, url: URL, attempts: number): UnreachableError {
    const tries = attempts > 1 ? ` (tried ${attempts} times)` : '';
    return new UnreachableError(`The API at ${this.options.url} does not answer: ${reason(error)}${tries}.`, {
      where: `${method} ${shown(url)}`,
      next: '`windrow up` starts a local one; --url, WINDROW_URL or `windrow configure` name another.',
      exitCode: ExitCode.unavailable,
      cause: error,
    });
  }

  private broken(error: unknown, path: string): CliError {
    if ((error as Error).name === 'SyntaxError') {
      return new CliError('The answer is no JSON; this does not look like the API of Windrow.', {
        where: this.options.url + path,
        next: 'Check --url, WINDROW_URL or `windrow config get url`.',
        exitCode: ExitCode.unavailable,
      });
    }
    return new UnreachableError(`The answer broke off: ${reason(error)}.`, {
      where: this.options.url + path,
      next: 'Run the command again.',
      exitCode: ExitCode.unavailable,
    });
  }
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

function bodyOf({ body }: RequestOptions): { body?: string } {
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

/** `done` lifts the limit for good; `pause` does while the next attempt is waited for, but not for an answer in use. */
function timeLimit(ms: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`nothing came within ${ms / 1000} s`)), ms);
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    done: () => clearTimeout(timer),
    pause: () => timer.unref(),
  };
}

/** Without the query, which may hold a page token nobody wants to read. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** `fetch failed` says nothing; its cause does, or where several addresses of a name were tried, that of the first. */
function causeOf(error: unknown): unknown {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  return (cause as { errors?: unknown[] } | null)?.errors?.[0] ?? cause;
}

function reason(error: unknown): string {
  const cause = causeOf(error);
  const code = errnoOf(cause);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND') return 'no such host';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection broke off';
  return reasonOf(cause) || code || 'unknown';
}
