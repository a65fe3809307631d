import type { HttpRequest, HttpResponse, Next } from '../http/exchange';

const CODEC = '/v1/codec/';
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Temporal's web interface asks from the browser: its origin, and no other, may use the codec endpoint. */
export function allowTemporalUi(uiUrl: string | undefined) {
  const origins = new Set(uiUrl === undefined ? [] : originsOf(uiUrl));
  return (request: HttpRequest, response: HttpResponse, next: Next): void => {
    const { origin } = request.headers;
    if (!request.originalUrl.startsWith(CODEC) || origin === undefined || !origins.has(origin)) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Vary', 'Origin');
    response.setHeader('Access-Control-Allow-Headers', 'content-type, x-namespace, authorization');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method !== 'OPTIONS') return next();
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    response.setHeader('Access-Control-Max-Age', '600');
    response.status(204).end();
  };
}

/** On a laptop the same page is opened under several names. */
function originsOf(uiUrl: string): string[] {
  const { protocol, hostname, port, origin } = new URL(uiUrl);
  if (!LOOPBACK.includes(hostname)) return [origin];
  return LOOPBACK.map((name) => `${protocol}//${name}${port ? `:${port}` : ''}`);
}
