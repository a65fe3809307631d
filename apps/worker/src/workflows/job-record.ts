/** What a job shows of itself: its row in the catalogue, its search attributes and its page in the Temporal UI. */
import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type {
  ClusterStatusMessage,
  EndedJob,
  EndState,
  JobExecution,
  JobInput,
  JobPlan,
  JobProgress,
  JobRow,
  JobState,
  TaskCounts,
  Waiting,
} from '@windrow/contract';
import { PLAN_LIVE, SearchAttribute } from '@windrow/contract';
import { control, rows } from './proxies';

const STATE = defineSearchAttributeKey(SearchAttribute.state, 'KEYWORD');
const TASKS = defineSearchAttributeKey(SearchAttribute.tasks, 'INT');
const FAILED = defineSearchAttributeKey(SearchAttribute.failedTasks, 'INT');

export class JobRecord {
  readonly row: JobRow;
  private writes = Promise.resolve();
  private closed = false;
  /** What the job does, or will do, once it is resumed. */
  private held: { state: JobState; phase: string } | undefined;
  private readonly reasons: { step?: Waiting | undefined; cluster?: Waiting | undefined } = {};

  constructor(input: JobInput) {
    const { workspace, experiment, job, uid, createdTime, redrive } = input;
    this.row = {
      workspace,
      experiment,
      job,
      uid,
      labels: {},
      state: 'queued',
      phase: 'queued',
      // A redrive plans nothing anew: there would be progress of the first run's plan to show.
      ...(redrive ? { redrives: redrive.number } : { live: PLAN_LIVE }),
      createdTime,
      updatedTime: createdTime,
      counts: { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 },
      failures: [],
      timings: [],
      ...redrive?.before,
    };
  }

  /** Enters a phase: closes the timing of the one before, tells the UI, writes the row. */
  async enter(state: JobState, phase: string = state): Promise<void> {
    if (this.held) this.held = { state, phase };
    else this.show(state, phase);
    delete this.row.progress;
    await this.publish();
  }

  /** Whatever phase the job is in or enters: until it is resumed it shows as paused. */
  async pause(): Promise<void> {
    if (!this.held) {
      const { state, phase } = this.row;
      this.held = { state, phase };
      this.show('paused', 'paused');
    }
    await this.publish();
  }

  async resume(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    if (held) this.show(held.state, held.phase);
    await this.publish();
  }

  /** Giving back what the job held is no state of its own, but takes time of its own. */
  releasing(): void {
    this.startTiming('releasing');
  }

  /** The values in force, see `JobControls`. */
  executes(execution: JobExecution): void {
    this.row.execution = execution;
  }

  /** From the next write of the row on, progress is that of this wave; undefined: of none. */
  follow(wave: string | undefined): void {
    if (wave === undefined) delete this.row.live;
    else this.row.live = wave;
  }

  /** `succeeded` and `failed`: what the runs before a redrive have done with. */
  planned(plan: JobPlan, { succeeded, failed }: Pick<TaskCounts, 'succeeded' | 'failed'>): void {
    const { row } = this;
    this.follow(undefined);
    if (plan.displayName !== undefined) row.displayName = plan.displayName;
    row.labels = plan.labels;
    row.items = plan.items;
    const pending = plan.tasks - succeeded - failed;
    row.counts = { ...row.counts, total: plan.tasks, pending, succeeded, failed };
    upsertSearchAttributes([{ key: TASKS, value: plan.tasks }]);
  }

  progressed({ live, counts, progress, nodeSeconds }: JobProgress): void {
    // A late signal of a wave that is over.
    if (live !== this.row.live) return;
    Object.assign(this.row, { counts, progress, nodeSeconds });
    this.describe();
  }

  async clusterSays({ nodes, waiting, usage }: ClusterStatusMessage): Promise<void> {
    this.row.nodes = nodes;
    if (usage) this.row.usage = usage;
    await this.waitFor('cluster', waiting);
  }

  /** What the job waits for besides its own tasks; undefined: no longer. A step's own reason is the nearer one. */
  async waitFor(source: 'step' | 'cluster', waiting: Waiting | undefined): Promise<void> {
    this.reasons[source] = waiting;
    const reason = this.reasons.step ?? this.reasons.cluster;
    if (reason) this.row.waiting = reason;
    else delete this.row.waiting;
    await this.publish();
  }

  /** Between two runs: the job waits for its next redrive, which begins a row of its own. */
  async waitToRedrive(waiting: Waiting): Promise<void> {
    const { row } = this;
    this.follow(undefined);
    delete row.error;
    this.reasons.step = waiting;
    this.reasons.cluster = undefined;
    row.waiting = waiting;
    await this.enter('queued');
  }

  /** The run could not begin: the row goes on saying how the one before ended. */
  redriveRefused(ended: EndedJob): void {
    const { row } = this;
    row.redriveRefused = { ...row.error!, time: new Date().toISOString() };
    if (ended.error) row.error = ended.error;
    else delete row.error;
  }

  /**
   * The last write. Tried until it lands: everything else of the job is gone by now. Returns whether there are webhooks
   * that may want to hear of it.
   */
  async finish(state: EndState): Promise<boolean> {
    this.closed = true;
    await this.writes;
    const now = new Date().toISOString();
    const { row } = this;
    this.closeTiming(now);
    row.state = state;
    row.phase = state;
    row.endTime = now;
    row.updatedTime = now;
    delete row.waiting;
    delete row.progress;
    delete row.live;
    // It holds none any more.
    delete row.nodes;
    upsertSearchAttributes([
      { key: STATE, value: state },
      { key: FAILED, value: row.counts.failed },
    ]);
    this.describe();
    const options = { summary: `catalogue: ${state}`, retry: { maximumInterval: '1m' } } as const;
    return (await control.putJobRow.executeWithOptions(options, [row]))?.webhooks ?? false;
  }

  /** Writes the row. Writes follow one another: a late one must not bring back what a newer one has replaced. */
  async publish(): Promise<void> {
    this.describe();
    this.writes = this.writes.then(() => this.write());
    await this.writes;
  }

  private async write(): Promise<void> {
    if (this.closed) return;
    this.row.updatedTime = new Date().toISOString();
    try {
      await rows.putJobRow(this.row);
    } catch (error) {
      // The next write brings it; the job must not wait for its read model.
      log.warn('catalogue row not written', { error: String(error) });
    }
  }

  private show(state: JobState, phase: string): void {
    const { row } = this;
    row.state = state;
    row.phase = phase;
    const now = this.startTiming(phase);
    row.startTime ??= now;
    upsertSearchAttributes([{ key: STATE, value: state }]);
  }

  private startTiming(phase: string): string {
    const startTime = new Date().toISOString();
    this.closeTiming(startTime);
    this.row.timings.push({ phase, startTime });
    return startTime;
  }

  private closeTiming(now: string): void {
    const last = this.row.timings.at(-1);
    if (last && last.endTime === undefined) last.endTime = now;
  }

  private describe(): void {
    const { row } = this;
    const { total, succeeded, failed, running, active, pending } = row.counts;
    const lines = [`**${row.phase}**`];
    if (total > 0) {
      lines.push(
        `${succeeded} of ${total} tasks succeeded, ${failed} failed · ${running} running, ${active} active, ${pending} pending`,
      );
    }
    if (row.nodes) lines.push(`${row.nodes.usable} of ${row.nodes.target} nodes usable`);
    if (row.waiting) lines.push(`Waiting since ${row.waiting.since}: ${row.waiting.message}`);
    if (row.error) lines.push(`${row.error.code}: ${row.error.message}`);
    setCurrentDetails(lines.join('\n\n'));
  }
}
