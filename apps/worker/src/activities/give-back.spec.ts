import type { RenewMessage } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { createGiveBackActivities } from './give-back';

jest.mock('@temporalio/activity', () => ({ heartbeat: () => undefined, sleep: async () => undefined }));

const INPUT = { workspace: 'w', experiment: 'e', job: 'j', uid: 'u', createdTime: 't' };

/** What the cluster was told, while the Batch job ran these numbers of tasks at one poll after the other. */
async function told(running: number[], slots: number, slotsPerTask = 1): Promise<number[]> {
  const messages: RenewMessage[] = [];
  const polls = [...running];
  const taskCounts = async () => ({ taskCounts: { active: 9, running: polls.shift()!, completed: 0 } });
  const signal = async (_name: string, message: RenewMessage) => messages.push(message);
  const temporal = () => ({ workflow: { getHandle: () => ({ signal }) } });
  const timing = { pollMinMs: 1, pollMaxMs: 1, patienceMs: 1 };
  const deps = { batch: { jobs: { taskCounts } }, temporal, timing } as unknown as ActivityDeps;
  const lease = { workflowId: 'cluster:w/c', leaseId: 'u' };
  await createGiveBackActivities(deps).giveBackSlots({ input: INPUT, wave: '1', slotsPerTask, slots, grant: 7, lease });
  expect(polls).toEqual([]);
  for (const { leaseId, held } of messages) expect([leaseId, held?.grant]).toEqual(['u', 7]);
  return messages.map(({ held }) => held!.slots);
}

describe('slots that the cluster wants back', () => {
  it('are free as tasks end, never before, and never below what the job may keep', async () => {
    expect(await told([4, 4, 3, 1], 2)).toEqual([4, 3, 2]);
    expect(await told([3, 2, 1], 4, 3)).toEqual([9, 6, 4]);
  });

  it('are free at once where so few tasks run', async () => {
    expect(await told([0], 2)).toEqual([2]);
  });

  it('are reported in a few steps, however many there are', async () => {
    const oneByOne = Array.from({ length: 1001 }, (_, ended) => 1000 - ended);
    expect((await told(oneByOne, 0)).length).toBeLessThanOrEqual(9);
  });
});
