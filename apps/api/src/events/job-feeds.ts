import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type JobKey, jobWorkflowId } from '@windrow/contract';
import { Catalogue } from '@windrow/storage';
import { NotFoundError, NotReadyError, TooManyRequestsError } from '../common/errors';
import { JobReader } from '../jobs/job-reader';
import { EventStream, type StreamTiming } from './event-stream';
import type { EventId } from './event-id';
import { JobFeed, type NumberedEvent } from './job-feed';
import type { HttpResponse } from '../http/exchange';

/** Streams at a time: of one principal, and of all. Each takes a connection and a few kilobytes. */
export const STREAMS_PER_PRINCIPAL = 200;
export const STREAMS = 5000;

export interface Watch {
  principal: string;
  last: EventId | undefined;
  render: (event: NumberedEvent) => unknown;
  response: HttpResponse;
  timing?: StreamTiming;
}

/** One feed for each job that is watched here, however many watch it. */
@Injectable()
export class JobFeeds implements OnModuleDestroy {
  private readonly feeds = new Map<string, Promise<JobFeed>>();
  private readonly streams = new Set<EventStream>();
  private readonly byPrincipal = new Map<string, number>();
  private closing = false;

  constructor(
    private readonly reader: JobReader,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * Begins a stream; false: there is nothing to tell this client any more, and it need not come back.
   * @throws NotFoundError JobNotFound; TooManyRequestsError; NotReadyError
   */
  async watch(key: JobKey, { principal, last, render, response, timing }: Watch): Promise<boolean> {
    const giveBack = this.admit(principal);
    let feed: JobFeed;
    try {
      feed = await this.feedOf(key);
      if (this.closing) throw new NotReadyError(['API'], undefined);
      if (response.destroyed || feed.isOverAt(last)) {
        giveBack();
        this.dropIdle(key, feed);
        return response.destroyed;
      }
    } catch (error) {
      giveBack();
      throw error;
    }
    const closed = () => {
      this.streams.delete(stream);
      feed.leave(stream);
      giveBack();
    };
    const stream: EventStream = new EventStream(response, { render, closed, standing: () => feed.standing() }, timing);
    this.streams.add(stream);
    stream.open();
    feed.join(stream, last);
    return true;
  }

  /** Clients come back, to another process or to the next one. */
  onModuleDestroy(): void {
    this.closing = true;
    for (const stream of [...this.streams]) stream.close();
  }

  private admit(principal: string): () => void {
    if (this.closing) throw new NotReadyError(['API'], undefined);
    const held = this.byPrincipal.get(principal) ?? 0;
    const all = [...this.byPrincipal.values()].reduce((sum, count) => sum + count, 0);
    if (held >= STREAMS_PER_PRINCIPAL || all >= STREAMS) {
      const whose = held >= STREAMS_PER_PRINCIPAL ? `You have ${held} event streams open here` : 'All are taken';
      throw new TooManyRequestsError(`${whose}, which is the limit. Close some, or GET the job now and then.`, 10);
    }
    this.byPrincipal.set(principal, held + 1);
    return () => {
      const count = (this.byPrincipal.get(principal) ?? 1) - 1;
      if (count > 0) this.byPrincipal.set(principal, count);
      else this.byPrincipal.delete(principal);
    };
  }

  private feedOf(key: JobKey): Promise<JobFeed> {
    const id = jobWorkflowId(key);
    const known = this.feeds.get(id);
    if (known) return known;
    const forget = () => {
      if (this.feeds.get(id) === feed) this.feeds.delete(id);
    };
    const feed: Promise<JobFeed> = this.start(key, forget);
    this.feeds.set(id, feed);
    feed.catch(forget);
    return feed;
  }

  private async start(key: JobKey, left: () => void): Promise<JobFeed> {
    const row = await this.reader.get(key);
    const source = {
      cheap: () => this.catalogue.getJob(key, row.uid, row.createdTime),
      thorough: () => this.reader.get(key).catch(absent),
    };
    return new JobFeed(row, source, left);
  }

  /** A feed that nobody joined ends with the request that made it. */
  private dropIdle(key: JobKey, feed: JobFeed): void {
    if (feed.idle) this.feeds.delete(jobWorkflowId(key));
  }
}

function absent(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}
