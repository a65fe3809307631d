import type { CommandSpec } from '../../wire/types';
import { membersOf, type Attempt } from './attempt';
import { endedByUser } from '../failures';
import type { OnEnd, Outcome, Run, TaskRunRequest } from '../runner';
import { beginSubtasks, endSubtask } from './subtask';
import { isThere, type World } from '../world';

/**
 * One attempt of a multi-instance task ("MultiInstanceSettings"): the coordination command on every node, and when all
 * of them have succeeded the command of the task on the first. What the coordination left running ends with that.
 */
export class GangRun implements Run {
  private readonly coordination: Run[] = [];
  private pending: number;
  private main: Run | undefined;
  private killed = false;
  /** Of the first coordination command that failed. */
  private failed: Outcome | undefined;

  constructor(
    private readonly world: World,
    private readonly attempt: Attempt,
    private readonly request: TaskRunRequest,
    private readonly onEnd: OnEnd,
  ) {
    const members = membersOf(attempt);
    this.pending = members.length;
    beginSubtasks(world, attempt);
    members.forEach((_member, index) => this.coordination.push(this.coordinate(index)));
  }

  kill(keepOutputs = false): void {
    this.killed = true;
    this.endCoordination();
    this.main?.kill(keepOutputs);
  }

  private coordinate(index: number): Run {
    const { task } = this.attempt;
    const members = membersOf(this.attempt);
    const node = members[index]?.node ?? this.attempt.node;
    const settings = task.rules.multiInstanceSettings;
    const { environmentSettings, containerSettings, applicationPackageReferences } = task.body;
    const spec: CommandSpec = {
      commandLine: settings?.coordinationCommandLine ?? '',
      ...(settings?.commonResourceFiles && { resourceFiles: settings.commonResourceFiles }),
      ...(environmentSettings && { environmentSettings }),
      ...(containerSettings && { containerSettings }),
      ...(applicationPackageReferences && { applicationPackageReferences }),
    };
    const membership = { nodes: members.map((member) => member.node), index };
    const command = { job: task.job, node, taskId: task.id, spec, attempt: task.retryCount, membership };
    return this.world.runnerOf(node.pool).runCommand(command, (outcome) => this.coordinated(index, outcome));
  }

  private coordinated(index: number, outcome: Outcome): void {
    const ok = outcome.exitCode === 0 && outcome.failure === undefined;
    endSubtask(this.world, this.attempt, index, this.killed ? { failure: endedByUser } : outcome);
    if (!ok && !this.failed && !this.killed) {
      this.failed = outcome;
      this.endCoordination();
    }
    if (--this.pending > 0) return;
    this.noteLateEnd();
    if (this.killed || this.failed) return this.end(this.failed ?? outcome);
    this.main = this.world.runnerOf(this.attempt.node.pool).runTask(this.request, (ended) => this.end(ended));
  }

  /** A task that was terminated has been written down before its subtasks were over. */
  private noteLateEnd(): void {
    const { task } = this.attempt;
    if (task.state === 'completed' && !task.deleted && isThere(this.world, task.job))
      this.world.journal.taskChanged(task);
  }

  private end(outcome: Outcome): void {
    this.endCoordination();
    this.onEnd(outcome);
  }

  private endCoordination(): void {
    for (const run of this.coordination) run.kill();
  }
}
