import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type {
  HttpClient,
  HttpMethods,
  Pipeline,
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
} from '@azure/core-rest-pipeline';
import { DEFAULT_API_VERSION, SYSTEM_RUNTIME } from '../config';
import type { BatchConfig, BatchRuntime } from '../config';
import { BatchError } from '../errors';
import { errorOfCredential, errorOfNetwork, errorOfResponse } from './failure';
import { OperationNames, observePolicy } from './observe';
import { isNetworkFailure, retryPolicy, retryRules } from './retry';
import type { RetryRules } from './retry';
import { sharedKeyPolicy } from './shared-key';

export type Query = Record<string, string | number | boolean | undefined>;

export interface Call {
  /** Name for messages and reports, for example `pools.create`. */
  operation: string;
  method: HttpMethods;
  /** Below the endpoint, percent-encoded. */
  path: string;
  query?: Query;
  headers?: Record<string, string>;
  /** JSON text. */
  body?: string;
  /** Statuses that are an answer; all others become errors. */
  expect: number[];
  /** Path of what it makes, for reports; else it is `path`. */
  target?: string;
  /** Tasks that it adds, for reports. */
  tasks?: number;
  /** Leave the body of an expected answer unread. */
  stream?: boolean;
}

/** How long one attempt may take, its body included unless that is streamed. The service itself gives up after 30 s. */
const ATTEMPT_MS = 60_000;
const SCOPE = 'https://batch.core.windows.net//.default';
const JSON_TYPE = 'application/json; odata=minimalmetadata';

/** Sends requests to one Batch account: version, signature, retry and typed errors live here and nowhere else. */
export class Transport {
  readonly retry: RetryRules;
  private readonly endpoint: string;
  private readonly pipeline: Pipeline;
  private readonly http: HttpClient = createDefaultHttpClient();
  private readonly names = new OperationNames();
  private readonly onChange: BatchConfig['onChange'];

  constructor(
    config: BatchConfig,
    readonly runtime: BatchRuntime = SYSTEM_RUNTIME,
  ) {
    this.endpoint = config.endpoint.replace(/\/+$/, '');
    this.retry = retryRules(config.retry);
    this.pipeline = createEmptyPipeline();
    this.pipeline.addPolicy(apiVersionPolicy(config.apiVersion ?? DEFAULT_API_VERSION));
    this.pipeline.addPolicy(retryPolicy(this.retry, runtime), { phase: 'Retry' });
    this.pipeline.addPolicy(timeLimitPolicy, { afterPhase: 'Retry' });
    this.pipeline.addPolicy(observePolicy(this.names, runtime, config.onRequest), { afterPhase: 'Retry' });
    this.onChange = config.onChange;
    this.pipeline.addPolicy(authPolicy(config, runtime), { phase: 'Sign' });
  }

  /** @throws BatchError */
  async send(call: Call): Promise<PipelineResponse> {
    const headers = createHttpHeaders({ Accept: 'application/json', ...call.headers });
    if (call.body !== undefined) headers.set('Content-Type', JSON_TYPE);
    // Set here because the signature covers it; without it Node would choose for itself.
    const hasBody = call.method !== 'GET' && call.method !== 'HEAD' && call.method !== 'DELETE';
    if (hasBody) headers.set('Content-Length', Buffer.byteLength(call.body ?? ''));
    const request = createPipelineRequest({
      url: `${this.endpoint}${call.path}${queryText(call)}`,
      method: call.method,
      headers,
      allowInsecureConnection: this.endpoint.startsWith('http:'),
      ...(call.body !== undefined && { body: call.body }),
      ...(call.stream && { streamResponseStatusCodes: new Set(call.expect) }),
    });
    headers.set('client-request-id', request.requestId);
    this.names.set(request, call.operation);

    let response: PipelineResponse;
    try {
      response = await this.pipeline.sendRequest(this.http, request);
    } catch (error) {
      const failure = isNetworkFailure(error)
        ? errorOfNetwork(call.operation, error)
        : (errorOfCredential(call.operation, error) ?? error);
      this.report(call, request, undefined, failure);
      throw failure;
    }
    const expected = call.expect.includes(response.status);
    const failure = expected ? undefined : errorOfResponse(call.operation, response, this.runtime.now());
    this.report(call, request, response, failure);
    if (failure) throw failure;
    return response;
  }

  private report(
    { operation, method, path, target = path, tasks }: Call,
    request: PipelineRequest,
    response: PipelineResponse | undefined,
    failure: unknown,
  ): void {
    if (!this.onChange || method === 'GET' || method === 'HEAD') return;
    const requestId = response?.headers.get('request-id');
    this.onChange({
      operation,
      method,
      path: target,
      ...(tasks !== undefined && { tasks }),
      ...(response && { status: response.status }),
      ...(failure instanceof BatchError && { code: failure.code }),
      ...(requestId !== undefined && { requestId }),
      attempts: this.names.attempts(request),
    });
  }

  /** The JSON of the answer, taken to be a T. */
  async json<T>(call: Call): Promise<T> {
    const response = await this.send(call);
    return JSON.parse(response.bodyAsText ?? '') as T;
  }

  /** Path and query of a link the service gave: only they are followed, so that a link cannot lead elsewhere. */
  followable(link: string): string {
    const url = new URL(link, `${this.endpoint}/`);
    return `${url.pathname}${url.search}`.slice(new URL(this.endpoint).pathname.replace(/\/$/, '').length);
  }
}

function authPolicy({ auth }: BatchConfig, runtime: BatchRuntime): PipelinePolicy {
  return auth.kind === 'sharedKey'
    ? sharedKeyPolicy(auth.accountName, auth.accountKey, () => runtime.now())
    : bearerTokenAuthenticationPolicy({ credential: auth.credential, scopes: SCOPE });
}

/** Every request names the version it speaks; links of the service carry it already. */
function apiVersionPolicy(version: string): PipelinePolicy {
  return {
    name: 'windrowApiVersion',
    sendRequest: (request, next) => {
      if (!/[?&]api-version=/.test(request.url)) {
        request.url += `${request.url.includes('?') ? '&' : '?'}api-version=${encodeURIComponent(version)}`;
      }
      return next(request);
    },
  };
}

/**
 * Ends an attempt that takes too long. The transport has a limit of its own, but that one ends with the headers, so
 * that a stalled body would hang its caller, and leaves a timer behind when the connection fails.
 */
const timeLimitPolicy: PipelinePolicy = {
  name: 'windrowTimeLimit',
  sendRequest: async (request, next) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ATTEMPT_MS);
    request.abortSignal = limit.signal;
    try {
      return await next(request);
    } finally {
      clearTimeout(timer);
    }
  },
};

function queryText({ path, query = {} }: Call): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  if (pairs.length === 0) return '';
  return `${path.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
