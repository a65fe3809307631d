import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../model/world';
import type { ActivityLog } from './activity-log';
import { streamEvents } from './follow';
import { nodeGauges } from './node-gauges';
import type { ServiceLog } from './service-log';

/** Answers `/emulator/events`, `/emulator/metrics` and `/emulator/activity-log`; anything else is somebody else's. */
export class AnalyticsEndpoints {
  constructor(
    private readonly log: ServiceLog,
    private readonly activity: ActivityLog,
    private readonly world: World,
  ) {}

  /** Whether the request was for one of these, and has been answered. */
  async handle(message: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(message.url ?? '/', 'http://emulator');
    switch (`${message.method} ${url.pathname}`) {
      case 'GET /emulator/events':
        await this.events(url.searchParams, response);
        return true;
      case 'GET /emulator/metrics':
        response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(nodeGauges(this.world) + this.log.counters.text());
        return true;
      case 'GET /emulator/activity-log':
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ value: this.activity.list() }));
        return true;
      default:
        return false;
    }
  }

  private async events(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const since = Number(query.get('since') ?? 0);
    if (!Number.isInteger(since) || since < 0) throw new Error('since is the number of the last event that was seen.');
    await streamEvents(this.log, response, since, query.get('follow') !== 'false');
  }
}
