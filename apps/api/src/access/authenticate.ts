import { TooManyRequestsError, UnauthenticatedError } from '../common/errors';
import type { HttpRequest, HttpResponse, Next } from '../http/exchange';
import type { RateLimit } from './access-config';
import type { Authenticator } from './authenticator';
import { isOpenPath } from './open-paths';
import { NOBODY } from './principal';
import { type Taken, TokenBuckets } from './token-buckets';

/** Failed attempts of one address. What it sends beyond is still looked at, so that nobody locks out their neighbours. */
const FAILURES: RateLimit = { perSecond: 1, burst: 30 };

/**
 * Tells who makes a request, and refuses whoever does not say so or asks too often. It stands before the bodies are
 * read, which a guard could not: a stranger's megabyte is not worth parsing.
 */
export function authenticate(authenticator: Authenticator, rateLimit: RateLimit | undefined) {
  const requests = rateLimit && new TokenBuckets(rateLimit);
  const failures = new TokenBuckets(FAILURES);

  const admit = async (request: HttpRequest, response: HttpResponse): Promise<void> => {
    if (request.context) request.context.principal = NOBODY;
    if (isOpenPath(request.originalUrl.split('?')[0] ?? '')) return;
    const principal = await identify(request);
    if (request.context) request.context.principal = principal;
    if (!requests || !rateLimit) return;
    const taken = requests.take(principal.id);
    showLimit(response, rateLimit, taken);
    if (!taken.granted) throw tooMany('You have made too many requests.', taken);
  };

  const identify = async (request: HttpRequest) => {
    try {
      return await authenticator.identify(request.headers.authorization);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      const taken = failures.take(request.socket.remoteAddress ?? '');
      throw taken.granted ? error : tooMany('Too many requests from your address said wrongly who makes them.', taken);
    }
  };

  return (request: HttpRequest, response: HttpResponse, next: Next): void => {
    admit(request, response).then(() => next(), next);
  };
}

function tooMany(what: string, { retryAfter }: Taken): TooManyRequestsError {
  return new TooManyRequestsError(`${what} Try again in ${retryAfter} s.`, retryAfter);
}

/** As in draft-ietf-httpapi-ratelimit-headers, versions before 08. */
function showLimit(response: HttpResponse, { burst }: RateLimit, { remaining, reset }: Taken): void {
  response.setHeader('RateLimit-Limit', burst);
  response.setHeader('RateLimit-Remaining', remaining);
  response.setHeader('RateLimit-Reset', reset);
}
