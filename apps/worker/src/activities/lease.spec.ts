import { CancelledFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { ActivityDeps } from './deps';
import { createLeaseActivities } from './lease';
import type { AcquireInput } from './lease-types';

let attempt = 1;
let cancelRequested = true;

jest.mock('@temporalio/activity', () => ({
  heartbeat: () => undefined,
  activityInfo: () => ({ attempt }),
  cancellationDetails: () => ({ cancelRequested }),
  // The first pause between two renewals is where it is cancelled.
  sleep: async () => {
    throw new CancelledFailure('CANCELLED');
  },
}));

const CLAIM = {
  input: { workspace: 'w', uid: 'u' },
  cluster: 'c',
  request: { leaseId: 'u', holder: 'job:w/e/j' },
} as AcquireInput;

/** Signals and updates that were sent while a lease was renewed once. */
async function renewOnce(clusterIsThere: boolean) {
  const sent: string[] = [];
  const getHandle = (workflowId: string) => ({
    signal: async (name: string) => {
      if (!clusterIsThere && workflowId.startsWith('cluster:'))
        throw new WorkflowNotFoundError('', workflowId, undefined);
      sent.push(name);
    },
    executeUpdate: async (name: string) => {
      sent.push(name);
      return { state: 'queued', slots: 0, poolId: 'p' };
    },
  });
  const deps = { temporal: () => ({ workflow: { getHandle } }) } as unknown as ActivityDeps;
  const end = createLeaseActivities(deps).renewLease(CLAIM);
  return { sent, end };
}

describe('the renewal of a lease', () => {
  beforeEach(() => {
    attempt = 1;
    cancelRequested = true;
  });

  it('that only renewed says, when it is cancelled, that it has claimed nothing', async () => {
    const { sent, end } = await renewOnce(true);
    expect(await end).toEqual({ claimed: false });
    expect(sent).toEqual(['renew']);
  });

  it('claims anew where the cluster has ended, and says so', async () => {
    const { sent, end } = await renewOnce(false);
    expect(await end).toEqual({ claimed: true });
    expect(sent).toEqual(['acquire']);
  });

  it('claims anew after a worker has died, as its lease may have expired', async () => {
    attempt = 2;
    const { sent, end } = await renewOnce(true);
    expect(await end).toEqual({ claimed: true });
    expect(sent).toEqual(['acquire']);
  });

  it('goes on elsewhere when it is only the worker that stops', async () => {
    cancelRequested = false;
    await expect((await renewOnce(true)).end).rejects.toThrow(CancelledFailure);
  });
});
