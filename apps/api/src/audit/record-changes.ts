import { randomUUID } from 'node:crypto';
import type { AuditRecord } from '@windrow/contract';
import type { AuditLog } from '@windrow/storage';
import type { Logger } from 'pino';
import type { ApiMetrics } from '../monitoring/api-metrics';
import type { HttpRequest, HttpResponse, Next } from '../http/exchange';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const TOO_MANY = 429;

/**
 * Writes a line of the audit log for each request that is no mere reading, whoever makes it and however it ends; only
 * what the rate limits turn away has none. The answer to a change that was made is held back until its line is durable;
 * those to refused ones are not. A line that storage does not take goes to the process's log, and the answer is sent:
 * the change was made.
 */
export function recordChanges(audit: AuditLog, logger: Logger, metrics: ApiMetrics) {
  return (request: HttpRequest, response: HttpResponse, next: Next): void => {
    if (!READS.has(request.method ?? '')) {
      const end = response.end.bind(response) as (...args: unknown[]) => HttpResponse;
      let ended = false;
      response.end = ((...args: unknown[]) => {
        // Called again, as by an error while the line is being written, it must not send twice.
        if (ended) return response;
        ended = true;
        const written = write(request, response);
        if (response.statusCode < 400) void written.then(() => end(...args));
        else end(...args);
        return response;
      }) as HttpResponse['end'];
    }
    next();
  };

  async function write(request: HttpRequest, response: HttpResponse): Promise<void> {
    if (response.statusCode === TOO_MANY) return;
    const record = recordOf(request, response.statusCode);
    try {
      await audit.append(record);
    } catch (error) {
      metrics.auditLineLost();
      logger.error({ err: error, audit: record }, 'the audit log did not take a line');
    }
  }
}

function recordOf(request: HttpRequest, status: number): AuditRecord {
  const { context, method = '', originalUrl, socket } = request;
  const resource = originalUrl.split('?')[0] ?? '';
  const { requestId, workspace, problem: code, route } = context ?? {};
  const address = socket.remoteAddress;
  return {
    id: randomUUID(),
    time: new Date().toISOString(),
    source: 'api',
    principal: context?.principal.id ?? 'anonymous',
    method,
    operation: route ?? resource,
    resource,
    ...(workspace !== undefined && { workspace }),
    status,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(address !== undefined && { address }),
  };
}
