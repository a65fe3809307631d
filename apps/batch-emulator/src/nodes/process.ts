import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { closeSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { splitCommandLine } from './command-line';
import type { ContainerRun } from './container-engine';
import type { Environment } from './environment';
import type { ProcessRegistry } from './process-registry';
import { killGroup, killMarkedSoon } from './process-tree';
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
  const outputs: number[] = [];
  let started: number | undefined;
  try {
    for (const name of ['stdout.txt', 'stderr.txt']) outputs.push(openNew(path.join(command.directory, prefix + name)));
    const [stdout, stderr] = outputs as [number, number];
    const child = spawn(program, args, {
      cwd: path.join(command.directory, 'wd'),
      env: command.environment,
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
    const { pid } = child;
    started = pid;
    let exited = false;
    let search: Promise<void> | undefined;
    const ended = new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => {
        exited = true;
        if (pid !== undefined) {
          // Children that outlive their command are ended with it.
          if (!command.keepsChildren) killGroup(pid);
          registry.remove(pid);
        }
        const result = code ?? (signal ? -constants.signals[signal] : -1);
        // A command that was killed has ended only when those that left its group are gone as well.
        if (search) void search.then(() => resolve(result));
        else resolve(result);
      });
    });
    if (pid === undefined) throw await new Promise<unknown>((resolve) => child.once('error', resolve));
    registry.add(pid, command.owner);
    return {
      ended,
      kill: () => {
        // The id of a group whose leader is gone may be somebody else's by now.
        if (!exited) killGroup(pid);
        search = killMarkedSoon('AZ_BATCH_TASK_DIR', command.directory);
        if (exited) return;
        contained?.kill();
      },
    };
  } catch (error) {
    // Nobody would know of it.
    if (started !== undefined) killGroup(started);
    const code = (error as NodeJS.ErrnoException).code;
    throw new RunFailure(code === 'ENOENT' ? 'CommandProgramNotFound' : 'CommandLaunchFailed', {
      Message: String(error),
    });
  } finally {
    for (const output of outputs) closeSync(output);
  }
}

/** A file of its own: an earlier attempt may have left a link in its place. */
function openNew(file: string): number {
  rmSync(file, { force: true });
  return openSync(file, 'wx');
}
