/** The job's place among those of its workspace: asked for before anything is provisioned, given back at the end. */
import { ActivityCancellationType, condition } from '@temporalio/workflow';
import type { AdmitAnswer, JobInput } from '@windrow/contract';
import type { JobControls } from './controls';
import type { JobRecord } from './job-record';
import { control } from './proxies';

export class JobAdmission {
  /** Something may have to be given back. */
  private asked = false;
  private admitted = false;

  constructor(
    private readonly input: JobInput,
    private readonly around: { controls: JobControls; record: JobRecord },
  ) {}

  /** Returns when the job may go on, however long it takes. */
  async enter(): Promise<void> {
    const { record, controls } = this.around;
    this.asked = true;
    let shown = false;
    while (!this.admitted) {
      const { priority } = controls;
      const answer = await this.ask(priority);
      if (answer.state === 'admitted') break;
      if (!shown) await record.enter('queued');
      shown = true;
      await record.waitFor('step', answer.waiting);
      // One whose priority was changed takes another place.
      await condition(() => this.admitted || controls.priority !== priority);
    }
    if (shown) await record.waitFor('step', undefined);
  }

  async told({ state, waiting }: AdmitAnswer): Promise<void> {
    if (state === 'admitted') this.admitted = true;
    else if (!this.admitted) await this.around.record.waitFor('step', waiting);
  }

  async leave(): Promise<void> {
    if (!this.asked) return;
    this.asked = false;
    const { workspace, uid } = this.input;
    await control.leaveAdmission.executeWithOptions({ summary: 'make room for the next job of the workspace' }, [
      { workspace, id: uid },
    ]);
  }

  private ask(priority: number): Promise<AdmitAnswer> {
    const options = {
      summary: `may the job run, by the quota of workspace ${this.input.workspace}?`,
      // A claim that came after the release would be given back by nobody.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    };
    return control.admitJob.executeWithOptions(options, [{ input: this.input, priority }]);
  }
}
