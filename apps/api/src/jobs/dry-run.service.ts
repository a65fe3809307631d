import { Injectable } from '@nestjs/common';
import { isClusterReference, type JobKey, type JobSpec, type NodesSpec, type PlanResult } from '@windrow/contract';
import { Catalogue, JobRecords } from '@windrow/storage';
import { TimedOutError, UnprocessableError } from '../common/errors';
import { randomUid } from '../common/ids';
import { PlanRefusedError, PlanTimeoutError, WorkflowGateway } from '../workflows/workflow-gateway';
import { JobChecks } from './job-checks';

const TIME_LIMIT_MS = 120_000;

export interface DryRun {
  plan: PlanResult;
  spec: JobSpec;
  minNodes: number;
}

/** Plans a job without running it. The workflow reads the input; the API never does. */
@Injectable()
export class DryRunService {
  constructor(
    private readonly records: JobRecords,
    private readonly checks: JobChecks,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
  ) {}

  /** @throws UnprocessableError when the job could not run as it is; TimedOutError */
  async plan({ workspace, experiment }: Omit<JobKey, 'job'>, spec: JobSpec): Promise<DryRun> {
    this.checks.checkBody(spec);
    await this.checks.checkReferences(workspace, spec);
    const uid = `plan-${randomUid()}`;
    await this.records.writeSpec(workspace, uid, spec);
    const input = { workspace, experiment, job: uid, uid, createdTime: new Date().toISOString() };
    const plan = await this.run(input);
    return { plan, spec, minNodes: (await this.nodes(workspace, spec))?.min ?? 0 };
  }

  private async run(input: JobKey & { uid: string; createdTime: string }): Promise<PlanResult> {
    try {
      return await this.workflows.plan(input, TIME_LIMIT_MS);
    } catch (error) {
      // The workflow deletes it too; but it may never have begun.
      await this.records.deleteSpec(input.workspace, input.uid).catch(() => undefined);
      if (error instanceof PlanRefusedError) {
        throw new UnprocessableError([{ path: error.path ?? '$', code: error.code, message: error.message }]);
      }
      if (error instanceof PlanTimeoutError) throw new TimedOutError('PlanTimeout', error.message, { cause: error });
      throw error;
    }
  }

  private async nodes(workspace: string, { pool }: JobSpec): Promise<NodesSpec | undefined> {
    if (!isClusterReference(pool)) return pool.nodes;
    return (await this.catalogue.getCluster({ workspace, cluster: pool.cluster }))?.template.nodes;
  }
}
