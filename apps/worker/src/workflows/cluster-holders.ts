/** What the jobs on a cluster are told, and when. Each signal costs a job some events of its history. */
import type { ClusterStatusMessage } from '@windrow/contract';
import type { ClusterData } from './cluster-data';
import { queueMessage, statusMessage } from './cluster-view';
import { queuePosition } from './cluster-leases';
import { spentOf, usageOf, usageStep } from './cluster-usage';

const MAX_TOLD = 40;

export interface Notice {
  holder: string;
  message: ClusterStatusMessage;
}

export class HolderNews {
  /** What each holder was told last, and how often it was told something. */
  private readonly told = new Map<string, { text: string; times: number }>();

  constructor(private readonly cluster: string) {}

  /** Jobs hear of turns, not of every node that comes or goes, and of a limited number of them. */
  take(data: ClusterData): Notice[] {
    const present = new Set([...data.leases, ...data.queue].map(({ holder }) => holder));
    for (const holder of this.told.keys()) if (!present.has(holder)) this.told.delete(holder);
    return [...this.toLeases(data), ...this.toQueue(data)];
  }

  private toLeases(data: ClusterData): Notice[] {
    const status = statusMessage(data);
    const { nodes, waiting, broken } = status;
    const turns = [waiting?.code, broken, nodes.target, nodes.usable > 0, nodes.usable >= nodes.target];
    return data.leases.flatMap((lease) => {
      const spent = spentOf(lease);
      const text = JSON.stringify([...turns, usageStep(lease), spent !== undefined]);
      if (!this.isNew(lease.holder, text, broken !== undefined || spent !== undefined)) return [];
      const usage = usageOf(lease, data.chargedAt ?? 0);
      return [{ holder: lease.holder, message: { ...status, ...(usage && { usage }), ...(spent && { spent }) } }];
    });
  }

  private toQueue(data: ClusterData): Notice[] {
    return data.queue.flatMap((entry) => {
      const position = queuePosition(data, entry.leaseId);
      // Far back only each halving is worth a word.
      const text = `queue ${position <= 3 ? position : `about ${2 ** Math.floor(Math.log2(position))}`}`;
      if (!this.isNew(entry.holder, text, false)) return [];
      return [{ holder: entry.holder, message: queueMessage(this.cluster, data, entry, position) }];
    });
  }

  /** `grave`: what ends the job is told whatever the count. */
  private isNew(holder: string, text: string, grave: boolean): boolean {
    const { text: before, times } = this.told.get(holder) ?? { text: undefined, times: 0 };
    if (before === text || (times >= MAX_TOLD && !grave)) return false;
    this.told.set(holder, { text, times: times + 1 });
    return true;
  }
}
