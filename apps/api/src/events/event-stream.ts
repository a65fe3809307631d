import type { HttpResponse } from '../http/exchange';
import type { NumberedEvent, Watcher } from './job-feed';

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is gone. */
const STUCK_MS = 60_000;
/** Then the client comes back, and says anew who it is: a key may have been revoked meanwhile. */
const LIFE_MS = 15 * 60_000;
/** How long clients wait before they come back. Milliseconds. */
const RETRY_MS = 2000;

export interface StreamTiming {
  heartbeatMs: number;
  stuckMs: number;
  lifeMs: number;
}

export interface StreamSource {
  /** Present state, for a client that could not keep up. */
  standing(): NumberedEvent[];
  /** The client is gone, or has been told all. */
  closed(): void;
  /** Data of an event as this client is to see it. */
  render(event: NumberedEvent): unknown;
}

/**
 * Server-sent events to one client. At most one batch waits in it: for a client that reads more slowly than things
 * happen the rest is dropped, and it is told how things stand as soon as it takes something again.
 */
export class EventStream implements Watcher {
  private blocked = false;
  private missed = false;
  private isOpen = true;
  private readonly timers: NodeJS.Timeout[] = [];
  private stuck: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: HttpResponse,
    private readonly source: StreamSource,
    private readonly timing: StreamTiming = { heartbeatMs: HEARTBEAT_MS, stuckMs: STUCK_MS, lifeMs: LIFE_MS },
  ) {}

  open(): void {
    const { response, timing } = this;
    response.on('close', () => this.release());
    response.on('drain', () => this.resume());
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // Proxies that gather answers would hold events back.
      'X-Accel-Buffering': 'no',
    });
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.timers.push(
      setInterval(() => this.blocked || this.write(': still here\n\n'), timing.heartbeatMs),
      setTimeout(() => this.close(), timing.lifeMs),
    );
  }

  tell(events: readonly NumberedEvent[]): void {
    if (!this.isOpen || events.length === 0) return;
    if (this.blocked) this.missed = true;
    else this.write(events.map((event) => this.text(event)).join(''));
  }

  close(): void {
    if (!this.isOpen) return;
    // What could not be told yet is told when the client comes back; it knows what it saw last.
    this.response.end();
    this.release();
  }

  private text(event: NumberedEvent): string {
    return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(this.source.render(event))}\n\n`;
  }

  private write(text: string): void {
    if (!this.isOpen || this.response.write(text)) return;
    this.blocked = true;
    this.stuck ??= setTimeout(() => this.response.destroy(), this.timing.stuckMs);
  }

  private resume(): void {
    this.blocked = false;
    clearTimeout(this.stuck);
    this.stuck = undefined;
    if (!this.missed) return;
    this.missed = false;
    this.tell(this.source.standing());
  }

  private release(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.timers.forEach((timer) => clearTimeout(timer));
    clearTimeout(this.stuck);
    this.source.closed();
  }
}
