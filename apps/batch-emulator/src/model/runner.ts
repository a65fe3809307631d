import type { CommandSpec, FailureInfo, StartTaskSpec } from '../wire/types';
import type { Job } from './jobs/job';
import type { ComputeNode } from './nodes/node';
import type { Task } from './tasks/task';

/** How a run ended. No exit code: the command never started. */
export interface Outcome {
  exitCode?: number;
  failure?: FailureInfo;
}

/** A run under way. After a kill the end is still reported, once everything of it is dead. */
export interface Run {
  /** With `keepOutputs` (time limit) output files are still uploaded. */
  kill(keepOutputs?: boolean): void;
}

/** The place of a node among those that run a multi-instance task together; the first runs the primary. */
export interface Membership {
  nodes: readonly ComputeNode[];
  index: number;
}

export interface TaskRunRequest {
  task: Task;
  node: ComputeNode;
  /** Whether no retry would follow that exit code: only then output files are uploaded. */
  isFinal: (exitCode: number) => boolean;
  membership?: Membership;
}

/** A command of a job beside those of its tasks: preparation, release, coordination of a multi-instance task. */
export interface JobCommand {
  job: Job;
  node: ComputeNode;
  /** Names its directory below that of the job. */
  taskId: string;
  spec: CommandSpec;
  attempt: number;
  /** Coordination: what the command leaves running lives on until the run is killed. */
  membership?: Membership;
}

export type OnEnd = (outcome: Outcome) => void;

/** What stands behind nodes: real processes or a simulation. */
export interface Runner {
  runTask(request: TaskRunRequest, onEnd: OnEnd): Run;
  runCommand(command: JobCommand, onEnd: OnEnd): Run;
  /** Brings the pool's application packages onto a node. */
  installPackages(node: ComputeNode, onEnd: OnEnd): Run;
  runStartTask(node: ComputeNode, spec: StartTaskSpec, onEnd: OnEnd): Run;
  /** Removes the files of one task, of one job (no task given), or the whole node (neither given). */
  discard(node: ComputeNode, jobId?: string, taskId?: string): void;
}
