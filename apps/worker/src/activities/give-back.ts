/** Slots that the cluster wants back: reported as free when, and only when, tasks that held them have ended. */
import type { RenewMessage } from '@windrow/contract';
import { batchJobId, ClusterSignal } from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';
import type { GiveBackInput } from './wave-types';

/** Slots are given back in so many steps at most: each is a signal to the cluster. */
const STEPS = 8;

export function createGiveBackActivities({ batch, temporal, timing }: ActivityDeps) {
  /** The Batch job keeps to the smaller number already. Returns when no task above it runs any more. */
  async function giveBackSlots({ input, wave, slotsPerTask, slots, grant, lease }: GiveBackInput): Promise<void> {
    const changes = new ChangeReader(batch, batchJobId(input.uid, wave));
    let surplus: number | undefined;
    let told = Infinity;
    await pollUntil(timing, async () => {
      // A Batch job that is gone, or has ended, runs nothing.
      const running = (await changes.counts())?.running ?? 0;
      const held = Math.max(slots, running * slotsPerTask);
      surplus ??= held - slots;
      const isStep = told === Infinity || held === slots || told - held >= surplus / STEPS;
      if (isStep && held < told) {
        told = held;
        await report(lease.workflowId, { leaseId: lease.leaseId, held: { grant, slots: held } });
      }
      return held === slots ? true : undefined;
    });
  }

  async function report(workflowId: string, message: RenewMessage): Promise<void> {
    await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, message);
  }

  return { giveBackSlots };
}
