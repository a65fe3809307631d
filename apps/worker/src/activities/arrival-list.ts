/** What lies under the prefix of a schedule and has no run yet: blobs, or groups of blobs. */
import { createHash } from 'node:crypto';
import { ARRIVAL_DEFAULTS, durationMs, parseGroupPattern } from '@windrow/contract';
import type { RunTrigger, Schedule } from '@windrow/contract';
import type { BlobInfo, BlobStore } from '@windrow/storage';
import { ContainerNotFoundError } from '@windrow/storage';
import { nameFilter } from '../inputs';

/** A blob or group that is to have a run. */
export interface Arrival {
  /** When it was last changed. */
  time: Date;
  /** Names it, the same again for the same: 16 hexadecimal digits. */
  mark: string;
  trigger: Exclude<RunTrigger, { kind: 'time' }>;
}

interface Look {
  /** Marks of what has its run. */
  known: ReadonlySet<string>;
  most: number;
  /** Milliseconds since 1970. */
  now: number;
}

interface Group {
  latest: number;
  blobs: number;
  /** Over names and versions, in the order of the listing, which is that of the names. */
  digest: string;
}

/** Memory goes by what is known and by the number of groups, never by the number of blobs. */
export async function listArrivals(blobs: BlobStore, { body, createdTime }: Schedule, look: Look): Promise<Arrival[]> {
  const arrival = { ...ARRIVAL_DEFAULTS, ...body.spec.blobArrival! };
  const since = Date.parse(body.spec.start ?? createdTime);
  // Times of blobs are whole seconds.
  const isNew = ({ lastModified }: BlobInfo) => lastModified.getTime() >= Math.floor(since / 1000) * 1000;
  const settled = (time: number) => time <= look.now - durationMs(arrival.settle);
  const anew = arrival.onChange === 'submit';
  const pattern = arrival.groupBy === undefined ? undefined : parseGroupPattern(arrival.groupBy);
  return pattern instanceof RegExp ? groups(pattern) : single();

  async function single(): Promise<Arrival[]> {
    const found: Arrival[] = [];
    for await (const blob of wanted()) {
      const { name, etag, lastModified } = blob;
      const mark = markOf(arrival.container, name, ...(anew ? [etag] : []));
      if (look.known.has(mark) || !settled(lastModified.getTime())) continue;
      const trigger = { kind: 'blob', container: arrival.container, blob: name, etag } as const;
      found.push({ time: lastModified, mark, trigger });
      if (found.length >= look.most) break;
    }
    return found;
  }

  async function groups(of: RegExp): Promise<Arrival[]> {
    const seen = new Map<string, Group>();
    for await (const { name, etag, lastModified } of wanted()) {
      const group = of.exec(name)?.[1];
      if (group === undefined) continue;
      const before = seen.get(group) ?? { latest: 0, blobs: 0, digest: '' };
      seen.set(group, {
        latest: Math.max(before.latest, lastModified.getTime()),
        blobs: before.blobs + 1,
        digest: anew ? markOf(before.digest, name, etag) : '',
      });
    }
    const found: Arrival[] = [];
    for (const [group, { latest, blobs: count, digest }] of seen) {
      const mark = markOf(arrival.container, 'group', group, digest);
      if (look.known.has(mark) || !settled(latest)) continue;
      const trigger = { kind: 'group', container: arrival.container, group, blobs: count } as const;
      found.push({ time: new Date(latest), mark, trigger });
      if (found.length >= look.most) break;
    }
    return found;
  }

  async function* wanted(): AsyncGenerator<BlobInfo> {
    const takes = nameFilter(arrival);
    const { prefix } = arrival;
    try {
      for await (const blob of blobs.list(arrival.container, prefix === undefined ? {} : { prefix })) {
        if (!blob.isDirectory && takes(blob.name) && isNew(blob)) yield blob;
      }
    } catch (error) {
      // It may come into being with its first blob.
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
  }
}

function markOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
