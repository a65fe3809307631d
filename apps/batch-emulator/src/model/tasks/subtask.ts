import type { FailureInfo } from '../../wire/types';
import type { Micros } from '../../util/time';
import { membersOf, type Attempt } from './attempt';
import { failureExitCode } from '../failures';
import type { Outcome } from '../runner';
import type { Placement, Task } from './task';
import type { World } from '../world';

/** What the instances of a multi-instance task beside the primary show ("Task - List Subtasks"). */
export interface Subtask {
  id: number;
  placement: Placement;
  state: 'running' | 'completed';
  stateTime: Micros;
  previousState?: 'running';
  previousStateTime?: Micros;
  startTime: Micros;
  endTime?: Micros;
  exitCode?: number;
  failure?: FailureInfo;
}

export function subtasksOf(task: Task): readonly Subtask[] {
  return task.job.subtasks.get(task.id) ?? [];
}

/** Every node that has files of the task. */
export function placementsOf(task: Task): Placement[] {
  const primary = task.placement ? [task.placement] : [];
  return [...primary, ...subtasksOf(task).map((subtask) => subtask.placement)];
}

export function beginSubtasks(world: World, { task, members }: Attempt): void {
  if (!members) return;
  const now = world.clock.now();
  const subtasks = members.slice(1).map(({ node }, index): Subtask => ({
    id: index + 1,
    placement: node.placement,
    state: 'running',
    stateTime: now,
    startTime: now,
  }));
  task.job.subtasks.set(task.id, subtasks);
}

/** The coordination command of an instance has ended; instance 0 is the primary, which has no subtask. */
export function endSubtask(world: World, attempt: Attempt, index: number, outcome: Outcome): void {
  const { task } = attempt;
  const subtask = task.job.subtasks.get(task.id)?.[index - 1];
  if (!subtask || subtask.placement !== membersOf(attempt)[index]?.node.placement) return;
  const now = world.clock.now();
  subtask.previousState = 'running';
  subtask.previousStateTime = subtask.stateTime;
  subtask.state = 'completed';
  subtask.stateTime = now;
  subtask.endTime = now;
  if (outcome.exitCode !== undefined) subtask.exitCode = outcome.exitCode;
  const failure = outcome.failure ?? (outcome.exitCode === 0 ? undefined : failureExitCode);
  if (failure) subtask.failure = failure;
}
