import type { FailureInfo } from '../../wire/types';
import type { Micros } from '../../util/time';
import type { Attempt } from '../tasks/attempt';
import type { Job } from './job';
import type { ComputeNode } from '../nodes/node';
import type { Run } from '../runner';
import type { Placement } from '../tasks/task';

/** One job preparation or release task on a node, as far as it has come. */
export interface NodeTaskInfo {
  state: 'running' | 'completed';
  startTime: Micros;
  endTime?: Micros;
  exitCode?: number;
  failure?: FailureInfo;
  retryCount: number;
  lastRetryTime?: Micros;
}

/** What a job did on one node beside its tasks; kept when the node is gone. */
export class JobNode {
  preparation: NodeTaskInfo | undefined;
  release: NodeTaskInfo | undefined;
  /** Boot and disk of the node that the preparation was for. */
  life = -1;
  disk = 0;
  preparing: Run | undefined;
  /** Attempts that go on when the preparation is over. */
  readonly waiting = new Set<Attempt>();

  constructor(readonly placement: Placement) {}
}

export const succeeded = (info: NodeTaskInfo): boolean =>
  info.state === 'completed' && info.exitCode === 0 && info.failure === undefined;

/** The record of a job about a node, made when a task of the job first comes there. */
export function jobNodeOf(job: Job, node: ComputeNode): JobNode {
  let found = job.nodes.get(node.id);
  if (!found) job.nodes.set(node.id, (found = new JobNode(node.placement)));
  return found;
}

/** "JobPreparationTask": whether tasks of the job may start on the node as it is now. */
export function isPrepared(job: Job, node: ComputeNode): boolean {
  const spec = job.spec.jobPreparationTask;
  if (!spec) return true;
  const found = job.nodes.get(node.id);
  if (!found?.preparation || found.disk !== node.disk) return false;
  if (found.life !== node.life) {
    return spec.rerunOnNodeRebootAfterSuccess === false && succeeded(found.preparation);
  }
  return spec.waitForSuccess === false || succeeded(found.preparation);
}

/** "JobPreparationTask.waitForSuccess": a node where the preparation failed is not used for the job until it reboots. */
export function isRefused(job: Job, node: ComputeNode): boolean {
  const spec = job.spec.jobPreparationTask;
  if (!spec || spec.waitForSuccess === false) return false;
  const found = job.nodes.get(node.id);
  return found?.life === node.life && found.preparation?.state === 'completed' && !succeeded(found.preparation);
}
