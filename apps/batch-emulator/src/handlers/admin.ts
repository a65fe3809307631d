import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnalyticsEndpoints } from '../analytics/endpoints';
import type { FaultOrders } from '../faults/fault-orders';
import { RuleError } from '../faults/parse-rule';
import { parseJson, readBody } from '../http/body';
import type { RequestListener } from '../http/pipeline';
import type { RequestCounter } from '../http/request-counter';
import type { RunningProcess } from '../nodes/process-registry';

export interface AdminOptions {
  faults: FaultOrders;
  counter: RequestCounter;
  analytics: AnalyticsEndpoints;
  processes: () => RunningProcess[];
}

type AdminAnswer = [number, unknown];

const FAULT = /^\/emulator\/faults\/([^/]+)$/;

/** What the emulator offers beside Batch, under `/emulator/`: for tests and benchmarks, without authentication. */
export function createAdmin(options: AdminOptions, next: RequestListener): RequestListener {
  const { faults, counter } = options;

  async function answer(method: string, path: string, message: IncomingMessage): Promise<AdminAnswer> {
    const [, faultId] = FAULT.exec(path) ?? [];
    if (faultId !== undefined) return answerFault(method, faultId);
    switch (`${method} ${path}`) {
      case 'GET /emulator/faults':
        return [200, { rules: faults.rules.list() }];
      case 'DELETE /emulator/faults':
        faults.rules.clear();
        return [200, {}];
      case 'POST /emulator/faults':
        return [201, { rules: faults.order(faults.read(parseJson(await readBody(message)))) }];
      case 'GET /emulator/requests':
        return [200, counter.list()];
      case 'DELETE /emulator/requests':
        counter.clear();
        return [200, {}];
      case 'GET /emulator/processes':
        return [200, { processes: options.processes() }];
      default:
        return [404, { error: `There is no ${method} ${path}.` }];
    }
  }

  function answerFault(method: string, id: string): AdminAnswer {
    const fault = faults.rules.get(id);
    if (!fault) return [404, { error: `There is no fault '${id}'.` }];
    if (method === 'GET') return [200, fault];
    if (method !== 'DELETE') return [405, { error: 'A fault can be read and removed.' }];
    faults.rules.remove(id);
    return [200, {}];
  }

  return async (message, response) => {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    if (!path.startsWith('/emulator/')) return next(message, response);
    try {
      if (await options.analytics.handle(message, response)) return;
      const [status, body] = await answer(message.method ?? 'GET', path, message);
      send(response, status, body);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      send(response, 400, { error: reason, ...(error instanceof RuleError && { field: error.field }) });
    }
  };
}

/** Where only the emulator itself is spoken to, there is nothing beside. */
export const adminOnly: RequestListener = (message, response) => {
  message.resume();
  send(response, 404, { error: 'This port is for /emulator/ only.' });
  return Promise.resolve();
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
