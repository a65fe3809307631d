import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnalyticsEndpoints } from '../analytics/endpoints';
import { isObject } from '../util/json';
import type { FaultKind, FaultRule, FaultRules } from '../faults/fault-rules';
import type { RequestCounter } from '../http/order';
import { readBody } from '../http/body';
import type { RequestListener } from '../http/pipeline';
import type { Model } from '../model';
import type { RunningProcess } from '../nodes/process-registry';

const KINDS: readonly FaultKind[] = [
  'reject',
  'loseResponse',
  'allocationFailure',
  'slowAllocation',
  'startTaskFailure',
  'unusableNode',
];

export interface AdminOptions {
  model: Model;
  faults: FaultRules;
  counter: RequestCounter;
  analytics: AnalyticsEndpoints;
  processes: () => RunningProcess[];
}

/** What the emulator offers beside Batch, under `/emulator/`: for tests and benchmarks, without authentication. */
export function createAdmin(options: AdminOptions, next: RequestListener): RequestListener {
  const { faults, counter } = options;

  async function answer(method: string, path: string, message: IncomingMessage): Promise<[number, unknown]> {
    switch (`${method} ${path}`) {
      case 'GET /emulator/faults':
        return [200, { rules: faults.list() }];
      case 'DELETE /emulator/faults':
        faults.clear();
        return [200, {}];
      case 'POST /emulator/faults':
        return order(options, JSON.parse((await readBody(message)).toString('utf8')) as unknown);
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

  return async (message, response) => {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    if (!path.startsWith('/emulator/')) return next(message, response);
    try {
      if (await options.analytics.handle(message, response)) return;
      const [status, body] = await answer(message.method ?? 'GET', path, message);
      send(response, status, body);
    } catch (error) {
      send(response, 400, { error: String(error) });
    }
  };
}

/** One rule or a list of them; `preempt` happens at once, the others wait for their moment. */
function order({ model, faults }: AdminOptions, body: unknown): [number, unknown] {
  const results: unknown[] = [];
  for (const rule of Array.isArray(body) ? (body as unknown[]) : [body]) {
    if (!isObject(rule)) throw new Error('A rule is a JSON object.');
    const kind = rule['kind'] ?? 'reject';
    if (kind === 'preempt') {
      const nodes = Array.isArray(rule['nodes']) ? rule['nodes'].map(String) : undefined;
      const poolId = rule['poolId'];
      if (typeof poolId !== 'string') throw new Error('preempt needs a poolId.');
      results.push({ kind, nodes: model.nodes.preempt(model.pools.get(poolId), nodes) });
    } else if (KINDS.includes(kind as FaultKind)) {
      const fault = { ...(rule as unknown as FaultRule), kind: kind as FaultKind };
      faults.add(fault);
      results.push(fault);
    } else
      throw new Error(
        `The kind '${JSON.stringify(kind)}' is not known; there are ${[...KINDS, 'preempt'].join(', ')}.`,
      );
  }
  return [201, { rules: results }];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
