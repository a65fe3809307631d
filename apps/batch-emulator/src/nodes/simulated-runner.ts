import type { ComputeNode } from '../model/nodes/node';
import type { JobCommand, OnEnd, Outcome, Run, Runner, TaskRunRequest } from '../model/runner';
import type { Clock } from '../util/clock';
import type { NameValue, StartTaskSpec } from '../wire/types';

/** Variables in a task's environment that say how a simulated run goes. */
export const SimulatedVariable = {
  /** Seconds, fractions allowed; default 0. */
  duration: 'SIMULATED_DURATION',
  /** Default 0. */
  exitCode: 'SIMULATED_EXIT_CODE',
  /** Only so many first attempts end with that exit code, later ones with 0. */
  failAttempts: 'SIMULATED_FAIL_ATTEMPTS',
  /** Of the coordination command of a multi-instance task; default 0. */
  coordinationExitCode: 'SIMULATED_COORDINATION_EXIT_CODE',
} as const;

/** Nodes without processes, folders and transfers: a run is one entry in the clock's heap. */
export class SimulatedRunner implements Runner {
  constructor(private readonly clock: Clock) {}

  runTask({ task }: TaskRunRequest, onEnd: OnEnd): Run {
    const settings = [task.body.environmentSettings, task.job.spec.commonEnvironmentSettings];
    return this.runAs(settings, task.retryCount, onEnd);
  }

  /** Only its own settings count: what is said for the tasks of a job does not hold for their preparation. */
  runCommand({ spec, attempt, membership }: JobCommand, onEnd: OnEnd): Run {
    const settings = [spec.environmentSettings];
    if (!membership) return this.runAs(settings, attempt, onEnd);
    return this.run(0, numberOf(settings, SimulatedVariable.coordinationExitCode) ?? 0, onEnd);
  }

  /** There is nothing on such a node, so there is nothing to install either. */
  installPackages(_node: ComputeNode, onEnd: OnEnd): Run {
    return this.run(0, 0, onEnd);
  }

  runStartTask(_node: ComputeNode, spec: StartTaskSpec, onEnd: OnEnd): Run {
    return this.runAs([spec.environmentSettings], 0, onEnd);
  }

  discard(): void {
    // There is nothing on such a node.
  }

  private runAs(settings: (readonly NameValue[] | undefined)[], attempt: number, onEnd: OnEnd): Run {
    const failing = numberOf(settings, SimulatedVariable.failAttempts) ?? Number.POSITIVE_INFINITY;
    const exitCode = attempt < failing ? (numberOf(settings, SimulatedVariable.exitCode) ?? 0) : 0;
    return this.run(numberOf(settings, SimulatedVariable.duration) ?? 0, exitCode, onEnd);
  }

  private run(seconds: number, exitCode: number, onEnd: OnEnd): Run {
    let over = false;
    const end = (outcome: Outcome): void => {
      if (over) return;
      over = true;
      onEnd(outcome);
    };
    const timer = this.clock.after(seconds * 1000, () => end({ exitCode }));
    return {
      kill: () => {
        timer.cancel();
        this.clock.after(0, () => end({ exitCode: -9 }));
      },
    };
  }
}

function numberOf(lists: (readonly NameValue[] | undefined)[], name: string): number | undefined {
  for (const list of lists) {
    const value = list?.find((setting) => setting.name === name)?.value;
    if (value !== undefined && value !== '' && Number.isFinite(Number(value))) return Number(value);
  }
  return undefined;
}
