/** A Temporal server of the spec's own, the real workflow bundle, and activities that each test gives as functions. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { SEARCH_ATTRIBUTE_TYPES, TaskQueue } from '@windrow/contract';
import type { Activities } from '@windrow/worker';
import { findTemporal, ROOT } from '@windrow/local-stack';

/** The build's: what a worker runs. */
export const BUNDLE = path.join(ROOT, 'apps/worker/dist/workflow-bundle.js');

type Name = keyof Activities;
/** What a test wants an activity to do; `any` because each has inputs of its own, which the test knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Step = (input: any) => unknown;
export type Steps = Partial<Record<Name, Step>>;

export interface Call {
  name: Name;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  input: any;
  /** Tries of this very call, from 1. */
  attempt: number;
}

const NAMES: Name[] = [
  ...(['planJob', 'planDryRun', 'acquireLease', 'renewLease', 'releaseLease', 'giveBackSlots'] as const),
  ...(['submitTasks', 'watchWave', 'steerBatchJob', 'decideRetries', 'recordRemaining'] as const),
  ...(['gatherResults', 'planReduce', 'explainFailure', 'stopBatchJobs', 'deleteBatchJobs'] as const),
  ...(['settleStaged', 'putJobRow', 'sizePool', 'watchPool', 'deletePool', 'diagnosePool'] as const),
  ...(['putClusterRow', 'removeCluster', 'sweep', 'planRedrive', 'countRedrivable'] as const),
  ...(['deleteJob', 'cancelJobs', 'deleteJobs', 'listExperiments', 'deleteClusters'] as const),
  ...(['admitJob', 'leaveAdmission', 'giveNodesBack', 'findEnded'] as const),
  ...([
    'deleteExperiment',
    'deleteWorkspace',
    'markDeletionFailed',
    'deleteSchedules',
    'deleteSchedule',
    'deleteApplications',
    'deleteApplication',
  ] as const),
  ...(['beginScheduledRun', 'createScheduledJob', 'awaitScheduledJob', 'cancelScheduledJob'] as const),
  ...(['endScheduledRun', 'scanArrivals'] as const),
];

/** Which workflow an activity works for decides whose steps answer: so many workflows share one worker. */
export class TemporalLab {
  private readonly scripts = new Map<string, { steps: Steps; calls: Call[] }>();
  private ended: Promise<unknown> = Promise.resolve();
  private workers: Worker[] = [];

  private constructor(private readonly environment: TestWorkflowEnvironment) {}

  static async start(): Promise<TemporalLab> {
    // The failures that the tests make are no news to whoever reads their output.
    const logger = new DefaultLogger('ERROR', () => undefined);
    Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
    const executable = { type: 'existing-path', path: await findTemporal(() => undefined) } as const;
    const keys = { Keyword: 'KEYWORD', Int: 'INT' } as const;
    const searchAttributes = Object.entries(SEARCH_ATTRIBUTE_TYPES).map(([name, type]) =>
      defineSearchAttributeKey(name, keys[type]),
    );
    const lab = new TemporalLab(
      await TestWorkflowEnvironment.createLocal({ server: { executable, searchAttributes } }),
    );
    await lab.work();
    return lab;
  }

  get client(): Client {
    return this.environment.client;
  }

  /** What the activities of a workflow do from now on; the list grows with each call of one. */
  script(workflowId: string, steps: Steps): Call[] {
    const known = this.scripts.get(workflowId);
    const calls = known?.calls ?? [];
    this.scripts.set(workflowId, { steps, calls });
    return calls;
  }

  async stop(): Promise<void> {
    this.workers.forEach((worker) => worker.shutdown());
    await this.ended;
    await this.environment.teardown();
  }

  private async work(): Promise<void> {
    const activities = Object.fromEntries(NAMES.map((name) => [name, (input: unknown) => this.perform(name, input)]));
    const common = {
      connection: this.environment.nativeConnection,
      activities,
      maxHeartbeatThrottleInterval: '100ms',
      defaultHeartbeatThrottleInterval: '100ms',
      // What a test leaves running is cut off.
      shutdownGraceTime: '100ms',
      shutdownForceTime: '5s',
    } as const;
    this.workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: TaskQueue.control,
        workflowBundle: { code: readFileSync(BUNDLE, 'utf8') },
      }),
      Worker.create({ ...common, taskQueue: TaskQueue.bulk }),
      Worker.create({ ...common, taskQueue: TaskQueue.watch }),
    ]);
    this.ended = Promise.allSettled(this.workers.map((worker) => worker.run()));
  }

  private async perform(name: Name, input: unknown): Promise<unknown> {
    const { workflowExecution, attempt } = activityInfo();
    const script = this.scripts.get(workflowExecution?.workflowId ?? '');
    script?.calls.push({ name, input, attempt });
    return script?.steps[name]?.(input);
  }
}
