import type { Timer } from '../../util/timer-heap';
import type { ComputeNode } from './node';
import type { World } from '../world';

/**
 * A limit on what runs on the node. Real processes keep their own speed, however fast emulated time passes, so what
 * limits them has to as well; what is simulated takes emulated time. None for a limit that never strikes.
 */
export function limitOnNode(world: World, node: ComputeNode, millis: number, strike: () => void): Timer | undefined {
  if (millis === Number.POSITIVE_INFINITY) return undefined;
  return node.pool.simulated ? world.clock.after(millis, strike) : world.clock.afterReal(millis, strike);
}
