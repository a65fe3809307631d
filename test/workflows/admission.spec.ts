/** The admission of a workspace, and jobs that ask it. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { AdmitAnswer, AdmitRequest, NodesAnswer, NodesRequest, QuotasInForce } from '@windrow/contract';
import {
  AdmissionUpdate,
  admissionWorkflowId,
  JobSignal,
  QUEUE_FULL,
  TaskQueue,
  WorkflowType,
} from '@windrow/contract';
import { waitFor } from '../support';
import { LabJob } from './lab-job';
import { failing, plan, queued, wellBehaved } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

let number = 0;

async function start(steps: Steps = {}, carried?: object) {
  const workspace = `w${++number}`;
  const workflowId = admissionWorkflowId(workspace);
  const calls = lab.script(workflowId, { findEnded: () => ({ jobs: [], pools: [] }), ...steps });
  const handle = await lab.client.workflow.start(WorkflowType.admission, {
    workflowId,
    taskQueue: TaskQueue.control,
    args: carried ? [{ workspace }, carried] : [{ workspace }],
  });
  const quotas: QuotasInForce = { asOf: '1', concurrentJobs: 1, queuedJobs: 1, nodes: 3 };
  const admit = async (id: string, more: Partial<AdmitRequest> = {}) => {
    const request = { id, holder: `job:${id}`, job: id, priority: 1, quotas, ...more };
    return (await handle.executeUpdate<AdmitAnswer, [AdmitRequest]>(AdmissionUpdate.admit, { args: [request] })).state;
  };
  const leave = (id: string) => handle.executeUpdate(AdmissionUpdate.leave, { args: [{ id }] });
  const hold = (holder: string, nodes: number) =>
    handle.executeUpdate<NodesAnswer, [NodesRequest]>(AdmissionUpdate.holdNodes, {
      args: [{ holder, poolId: `pool of ${holder}`, nodes, quotas }],
    });
  return { handle, calls, admit, leave, hold };
}

const entry = (id: string, n: number) => ({
  ...{ id, holder: `job:${id}`, job: id, priority: 1 },
  ...{ number: n, since: 0, told: 0 },
});

describe('the admission of a workspace', () => {
  it('lets in who is next when one leaves, and refuses submissions when its queue is full', async () => {
    const { admit, leave, handle } = await start();
    expect(await admit('a', { submission: true })).toBe('admitted');
    expect(await admit('b', { submission: true })).toBe('queued');
    const refusal = await admit('c', { submission: true }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WorkflowUpdateFailedError);
    expect(refusal).toMatchObject({ cause: { type: QUEUE_FULL, message: expect.stringContaining('1 wait') } });
    // A job that is there already, such as one of a redrive, is never turned away.
    expect(await admit('c')).toBe('queued');
    await leave('a');
    expect(await admit('b')).toBe('admitted');
    expect(await admit('c')).toBe('queued');
    await handle.executeUpdate(AdmissionUpdate.limit, { args: [{ asOf: '2' }] });
    expect(await admit('c', { quotas: { asOf: '1', concurrentJobs: 0 } })).toBe('admitted');
  });

  it('takes back what terminated jobs and clusters held, while somebody waits for it', async () => {
    const { admit, hold, calls } = await start(
      { findEnded: () => ({ jobs: ['dead'], pools: ['cluster:dead'] }) },
      {
        quotas: { asOf: '1', concurrentJobs: 1, nodes: 3 },
        running: [entry('dead', 1)],
        queue: [entry('next', 2)],
        nodes: [{ holder: 'cluster:dead', poolId: 'p', nodes: 3, short: false, since: 0 }],
        next: 3,
      },
    );
    await waitFor('the next one to be let in', async () => (await admit('next')) === 'admitted', 30_000);
    expect(calls[0]!.input).toEqual({
      jobs: expect.arrayContaining([{ id: 'dead', holder: 'job:dead' }]),
      pools: [{ holder: 'cluster:dead', poolId: 'p', since: 0 }],
    });
    expect(await hold('cluster:alive', 3)).toEqual({ granted: 3 });
  });

  it('gives two clusters that ask at once no more nodes than there are', async () => {
    const { hold } = await start();
    const answers = await Promise.all([hold('cluster:a', 2), hold('cluster:b', 2)]);
    expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(3);
  });
});

describe('a job of a workspace with a quota', () => {
  const limited = (steps: Steps = {}): Steps => ({
    ...wellBehaved(plan({ limited: true })),
    admitJob: () => ({ state: 'admitted' }),
    ...steps,
  });
  const waiting = { code: 'WorkspaceQuota', message: 'Number 1', since: '2026-01-15T09:00:00.000Z' };

  it('asks before it provisions anything, waits with the reason, and leaves at its end', async () => {
    const job = await LabJob.start(lab, limited({ admitJob: () => ({ state: 'queued', waiting }) }));
    await job.shows('the reason', (row) => row.state === 'queued' && row.waiting?.code === 'WorkspaceQuota');
    expect(job.callsOf('acquireLease')).toEqual([]);
    const further = { ...waiting, message: 'Number 2' };
    await job.handle.signal(JobSignal.admission, { state: 'queued', waiting: further });
    await job.shows('its new place', (row) => row.waiting?.message === 'Number 2');
    await job.change({ priority: 'high' });
    expect((await job.reached('admitJob', 2)).input).toMatchObject({ priority: 2 });
    await job.handle.signal(JobSignal.admission, { state: 'admitted' });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('leaveAdmission')).toHaveLength(1);
    expect(job.row.waiting).toBeUndefined();
  });

  it.each<[string, Steps, (job: LabJob) => Promise<unknown>]>([
    ['fails', limited({ watchWave: failing('AzureRefused') }), async () => undefined],
    [
      'is cancelled in the queue',
      limited({ admitJob: () => ({ state: 'queued', waiting }) }),
      async (job) => {
        await job.shows('the reason', (row) => row.waiting?.code === 'WorkspaceQuota');
        await job.handle.cancel();
      },
    ],
    [
      'is cancelled while it waits for slots',
      limited({ acquireLease: () => queued() }),
      async (job) => {
        await job.reached('renewLease');
        await job.handle.cancel();
      },
    ],
  ])('leaves when it %s', async (_how, steps, act) => {
    const job = await LabJob.start(lab, steps);
    await act(job);
    expect(await job.end()).not.toBe('succeeded');
    expect(job.callsOf('leaveAdmission')).toHaveLength(1);
    expect(job.callsOf('leaveAdmission')[0]!.input).toMatchObject({
      workspace: 'w',
      id: expect.stringMatching(/^uid/),
    });
  });

  it('of a workspace without one asks nobody', async () => {
    const job = await LabJob.start(lab, wellBehaved());
    expect(await job.end()).toBe('succeeded');
    expect(job.steps).not.toContain('admitJob');
    expect(job.steps).not.toContain('leaveAdmission');
  });
});
