/** What the cluster grants a job while it runs: more slots than before, or fewer. One change at a time, the newest wins. */
import { ActivityCancellationType, CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { LeaseAnswer } from '@windrow/contract';
import { batchJobId } from '@windrow/contract';
import type { ParallelInput } from '../activities/wave-types';
import type { JobRun } from './job-workflow';
import { control, watch } from './proxies';

/** The step before has to be over when the next begins: they set the same number of the same Batch job. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

export class Grants {
  /** The last one told, which may be the first, or one that came before the answer to our own claim. */
  latest: LeaseAnswer | undefined;
  private step: { scope: CancellationScope; done: Promise<void> } | undefined;

  constructor(
    private readonly run: JobRun,
    private readonly phases: CancellationScope,
  ) {}

  /** The first grant ends the wait for it; a later one changes how many tasks of the present wave run at once. */
  async take(answer: LeaseAnswer): Promise<void> {
    if ((answer.grant ?? 0) >= (this.latest?.grant ?? 0)) this.latest = answer;
    await this.catchUp();
  }

  /** Does what the last grant says, if it is newer than the one the lease stands at. */
  async catchUp(): Promise<void> {
    const { lease } = this.run;
    const { latest } = this;
    if (!latest?.grant || lease?.grant === undefined || latest.grant <= lease.grant) return;
    const more = latest.slots > lease.slots;
    lease.slots = latest.slots;
    lease.grant = latest.grant;
    this.step?.scope.cancel();
    await this.step?.done;
    if (lease.grant !== latest.grant) return;
    const scope = new CancellationScope({ cancellable: true, parent: this.phases });
    this.step = { scope, done: this.apply(scope, latest, more) };
    await this.step.done;
  }

  private async apply(scope: CancellationScope, { slots, grant = 0 }: LeaseAnswer, more: boolean): Promise<void> {
    const { input, plan, waves } = this.run;
    const { workflowId, leaseId } = this.run.lease!;
    const wave = waves.at(-1);
    if (!plan || (more && wave === undefined)) return;
    const { maxParallelTasks } = plan.execution;
    const change = {
      input,
      slots,
      requiredSlots: plan.requiredSlots,
      ...(maxParallelTasks !== undefined && { maxParallelTasks }),
    };
    try {
      await scope.run(async () => {
        if (more) await raise({ ...change, wave: wave! });
        else {
          const summary = `keep to ${slots} slots, as running tasks end`;
          const running = wave === undefined ? {} : { change: { ...change, wave } };
          await watch.giveBackSlots.executeWithOptions({ summary, cancellationType }, [
            { slots, grant, lease: { workflowId, leaseId }, ...running },
          ]);
        }
      });
    } catch (error) {
      // The wave goes on with what it has; the next one is made with the new number.
      if (!isCancellation(error)) log.warn('the wave keeps its number of parallel tasks', { error: String(error) });
    }
  }
}

async function raise(change: ParallelInput): Promise<void> {
  const summary = `${change.slots} slots for ${batchJobId(change.input.uid, change.wave)}`;
  await control.setParallelTasks.executeWithOptions({ summary, cancellationType }, [change]);
}
