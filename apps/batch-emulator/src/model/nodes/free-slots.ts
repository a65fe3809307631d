import type { ComputeNode } from './node';

/** Nodes of a pool by number of free slots: finding one with room does not depend on how many nodes there are. */
export class FreeSlots {
  private readonly buckets: ComputeNode[][];

  constructor(slotsPerNode: number) {
    this.buckets = Array.from({ length: slotsPerNode + 1 }, () => []);
  }

  /** Puts the node where its free slots say, or out of the index when it takes no tasks. */
  update(node: ComputeNode): void {
    const bucket = node.canTakeTasks && !node.reservedFor ? node.freeSlots : -1;
    if (bucket === node.bucket) return;
    this.remove(node);
    const target = this.buckets[bucket];
    if (!target) return;
    node.bucket = bucket;
    node.bucketPosition = target.length;
    target.push(node);
  }

  remove(node: ComputeNode): void {
    const bucket = this.buckets[node.bucket];
    if (!bucket) return;
    const last = bucket.pop();
    if (last && last !== node) {
      bucket[node.bucketPosition] = last;
      last.bucketPosition = node.bucketPosition;
    }
    node.bucket = -1;
    node.bucketPosition = -1;
  }

  /** The most slots any node has free. */
  largest(): number {
    for (let free = this.buckets.length - 1; free > 0; free--) if (this.buckets[free]?.length) return free;
    return 0;
  }

  /**
   * "nodeFillType": spread takes the emptiest nodes, pack the fullest ones that still have room. As many nodes as asked
   * for, or none.
   */
  pick(slots: number, fill: 'Spread' | 'Pack', accepts: (node: ComputeNode) => boolean, wanted = 1): ComputeNode[] {
    const picked: ComputeNode[] = [];
    const most = this.buckets.length - 1;
    for (let step = slots; step <= most; step++) {
      const bucket = this.buckets[fill === 'Pack' ? step : most - (step - slots)] ?? [];
      for (let at = bucket.length - 1; at >= 0; at--) {
        const node = bucket[at];
        if (node && accepts(node)) picked.push(node);
        if (picked.length === wanted) return picked;
      }
    }
    return [];
  }
}
