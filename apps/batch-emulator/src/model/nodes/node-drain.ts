import type { DeallocationOption } from '../../wire/types';
import { evictBy } from '../pools/eviction';
import type { Executor } from '../scheduling/executor';
import type { ComputeNode } from './node';
import { retainedUntil, waitFor } from '../jobs/retained-data';
import type { World } from '../world';

/** Frees a node of its tasks before something is done to it. */
export class NodeDrain {
  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {}

  /** Calls back when the last process is dead, unless the node is lost or removed before. */
  begin(node: ComputeNode, option: DeallocationOption, then: () => void): void {
    const { life } = node;
    evictBy(this.executor, node, option);
    const check = (): void => {
      if (node.life !== life) return;
      if (node.attempts.size > 0) {
        node.whenEmpty = check;
        return;
      }
      const wait = option === 'retaineddata' ? this.retention(node) : 0;
      if (wait > 0) this.world.clock.after(wait, check);
      else then();
    };
    check();
  }

  private retention(node: ComputeNode): number {
    const until = retainedUntil(this.world, node.pool).get(node.id) ?? 0;
    return waitFor(until, this.world.clock.now());
  }
}
