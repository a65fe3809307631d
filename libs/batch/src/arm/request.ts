/** Requests to Azure's management (ARM) about a Batch account and what is below it. */
import type { TokenCredential } from '@azure/core-auth';
import { BatchRefusedError, BatchUnavailableError } from '../errors';
import type { BatchError } from '../errors';
import { classOf, withoutSecrets } from '../transport/failure';
import { retryAfterMs } from '../transport/retry-after';

export interface ArmConfig {
  /** Endpoint and resource id: `https://management.azure.com/subscriptions/.../batchAccounts/{name}`. */
  accountUrl: string;
  /** Absent: a local emulator, which takes any token. */
  credential?: TokenCredential;
}

export interface ArmRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the account, such as `/applications/a`; the account itself when absent. */
  path?: string;
  body?: object;
  query?: Record<string, string>;
  /** What fails, as a sentence begins: "Reading the Batch account". */
  doing: string;
  /** The role that the identity needs for it, on the account. */
  role: 'Reader' | 'Contributor';
}

const API_VERSION = '2023-11-01';
const SCOPE = 'https://management.azure.com/.default';
const TIME_LIMIT_MS = 10_000;
const FORBIDDEN = new Set([401, 403]);

/** The JSON answer; undefined when it has no content. @throws a {@link BatchError}, by status */
export async function armRequest<T>({ accountUrl, credential }: ArmConfig, request: ArmRequest): Promise<T> {
  const { method, path = '', body, query = {}, doing } = request;
  const parameters = new URLSearchParams({ ...query, 'api-version': API_VERSION }).toString();
  const authorization = `Bearer ${await token(credential)}`;
  let response: Response;
  try {
    response = await fetch(`${accountUrl}${path}?${parameters}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A token must not follow an answer to somewhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
  } catch (cause) {
    throw new BatchUnavailableError(`${doing}: Azure management does not answer.`, { code: 'Unreachable', cause });
  }
  if (!response.ok) throw await errorOf(response, request);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function errorOf(response: Response, { doing, role }: ArmRequest): Promise<BatchError> {
  const { status, headers } = response;
  const body = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  const code = body.error?.code ?? `Http${status}`;
  const wait = retryAfterMs(headers.get('retry-after') ?? undefined, Date.now());
  const facts = { status, code, ...(wait !== undefined && { retryAfterMs: wait }) };
  const said = withoutSecrets(body.error?.message?.split('\n', 1)[0] ?? '');
  const hint = FORBIDDEN.has(status)
    ? ` The identity of this service needs the role ${role} on the Batch account.`
    : '';
  const ErrorClass = classOf(status, code);
  return new ErrorClass(`${doing} failed (${code}, HTTP ${status}).${said === '' ? '' : ` ${said}`}${hint}`, facts);
}

async function token(credential: TokenCredential | undefined): Promise<string> {
  if (!credential) return 'development';
  try {
    return (await credential.getToken(SCOPE))?.token ?? '';
  } catch (cause) {
    throw new BatchRefusedError('This service could not sign in to Azure management.', { code: 'SignInFailed', cause });
  }
}
