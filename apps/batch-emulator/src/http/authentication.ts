import type { AuthenticationMode } from '../account/batch-account';
import { BatchError, batchError } from '../errors';
import type { RequestContext } from './context';
import { checkSharedKey, type Credentials } from './shared-key';

export interface Access extends Credentials {
  /** "allowedAuthenticationModes" of the account. */
  modes: readonly AuthenticationMode[];
  /** Development only: any bearer token is as good as a real one. */
  acceptBearer: boolean;
}

/** Lets a request in by shared key or, where that is switched on, by bearer token. */
export function authenticate(request: RequestContext, access: Access, nowMs: number): void {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw unauthorized('No Authorization header was sent.');
  if (/^bearer(\s|$)/i.test(header)) {
    checkMode(access, 'AAD');
    const refusal = refuseBearer(header, access.acceptBearer);
    if (refusal !== undefined) throw unauthorized(refusal);
    return;
  }
  checkMode(access, 'SharedKey');
  checkSharedKey(request, access, nowMs);
}

/** Why a bearer token is not taken; nothing is when it is. */
export function refuseBearer(header: string, acceptBearer: boolean): string | undefined {
  if (!acceptBearer) return 'This emulator takes no bearer tokens; start it with --bearer any to have them accepted.';
  return /^bearer\s+\S+$/i.test(header) ? undefined : 'The Authorization header holds no bearer token.';
}

function checkMode({ modes, account }: Access, mode: AuthenticationMode): void {
  if (modes.includes(mode)) return;
  throw batchError('AuthenticationFailed', {
    AuthenticationErrorDetail: `The account '${account}' does not allow ${mode} authentication.`,
  });
}

function unauthorized(reason: string): BatchError {
  const { message } = batchError('AuthenticationFailed');
  const challenge =
    'Bearer authorization_uri="https://login.microsoftonline.com/common", resource_id="https://batch.core.windows.net/"';
  return new BatchError('AuthenticationFailed', 401, message, [{ key: 'AuthenticationErrorDetail', value: reason }], {
    'WWW-Authenticate': challenge,
  });
}
