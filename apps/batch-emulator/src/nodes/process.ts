import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { splitCommandLine } from './command-line';
import type { ContainerRun } from './container-engine';
import type { Environment } from './environment';
import type { ProcessRegistry } from './process-registry';
import { killGroup, killMarked, killMarkedSoon } from './process-tree';
import { RunFailure } from './run-failure';

export interface Command {
  commandLine: string;
  /** Holds stdout.txt, stderr.txt and wd/, the working directory. */
  directory: string;
  environment: Environment;
  owner: string;
  /** Put before the names of the output files. */
  outputPrefix?: string;
  /** Puts the command into a container. */
  contain?: (words: string[]) => ContainerRun;
  /** Children go on when the command has ended, until it is killed. */
  keepsChildren?: boolean;
}

export interface RunningCommand {
  /** The exit code, or the negated number of the signal that ended it. */
  ended: Promise<number>;
  kill(): void;
}

/** Starts a command as leader of its own process group, without a shell. */
export async function startCommand(command: Command, registry: ProcessRegistry): Promise<RunningCommand> {
  const words = splitCommandLine(command.commandLine);
  const contained = command.contain?.(words);
  const [program = '', ...args] = contained ? [contained.program, ...contained.args] : words;
  const prefix = command.outputPrefix ?? '';
  const stdout = openSync(path.join(command.directory, `${prefix}stdout.txt`), 'w');
  const stderr = openSync(path.join(command.directory, `${prefix}stderr.txt`), 'w');
  try {
    const child = spawn(program, args, {
      cwd: path.join(command.directory, 'wd'),
      env: command.environment,
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
    const { pid } = child;
    let exited = false;
    const ended = new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => {
        exited = true;
        if (pid !== undefined) {
          // Children that outlive their command are ended with it.
          if (!command.keepsChildren) killGroup(pid);
          registry.remove(pid);
        }
        resolve(code ?? (signal ? -constants.signals[signal] : -1));
      });
    });
    if (pid === undefined) throw await new Promise<unknown>((resolve) => child.once('error', resolve));
    registry.add(pid, command.owner);
    return {
      ended,
      kill: () => {
        // The id of a group whose leader is gone may be somebody else's by now.
        if (exited) return killMarkedSoon('AZ_BATCH_TASK_DIR', command.directory);
        killGroup(pid);
        killMarked('AZ_BATCH_TASK_DIR', command.directory);
        contained?.kill();
      },
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new RunFailure(code === 'ENOENT' ? 'CommandProgramNotFound' : 'CommandLaunchFailed', {
      Message: String(error),
    });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}
