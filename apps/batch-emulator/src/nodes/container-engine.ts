import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ContainerSettings } from '../wire/types';
import { splitCommandLine } from './command-line';
import type { Environment } from './environment';

/** Engines that take docker's command line, in the order in which they are looked for. */
const ENGINES = ['docker', 'podman', 'nerdctl'] as const;
const PROBE_TIMEOUT_MS = 5_000;

export interface ContainerCommand {
  settings: ContainerSettings;
  /** Split already. */
  words: string[];
  environment: Environment;
  /** Of the task, with `wd` below it. */
  directory: string;
}

export interface ContainerRun {
  program: string;
  args: string[];
  /** Ends the container, which ending the engine's client alone does not. */
  kill(): void;
}

/** "ContainerHostDataPath": which directories of the node each of them is, by the variable that names it. */
const BIND_SOURCES: Record<string, string> = {
  Shared: 'AZ_BATCH_NODE_SHARED_DIR',
  Startup: 'AZ_BATCH_NODE_STARTUP_DIR',
  VfsMounts: 'AZ_BATCH_NODE_MOUNTS_DIR',
  Task: 'AZ_BATCH_TASK_DIR',
  JobPrep: 'AZ_BATCH_JOB_PREP_DIR',
};

/** Runs tasks with `containerSettings` in containers, where the host has an engine that answers. */
export class ContainerEngine {
  constructor(readonly program: string) {}

  /** The first engine on the PATH whose service answers, or the one that is asked for; a client without a service is none. */
  static find(environment: Environment, wanted: readonly string[] = ENGINES): ContainerEngine | undefined {
    for (const program of wanted) {
      const { status } = spawnSync(program, ['version'], {
        env: environment,
        stdio: 'ignore',
        timeout: PROBE_TIMEOUT_MS,
      });
      if (status === 0) return new ContainerEngine(program);
    }
    return undefined;
  }

  /** "TaskContainerSettings": the node's directories are mounted under their own names, and the environment is passed. */
  wrap({ settings, words, environment, directory }: ContainerCommand): ContainerRun {
    const name = `batch-emulator-${randomUUID()}`;
    const inTask = settings.workingDirectory !== 'containerImageDefault';
    const args = [
      'run',
      '--rm',
      `--name=${name}`,
      ...binds(settings, environment).map((bind) => `--volume=${bind}`),
      ...Object.keys(environment)
        .filter((variable) => !HOST_ONLY.has(variable))
        .map((variable) => `--env=${variable}`),
      ...(inTask ? [`--workdir=${path.join(directory, 'wd')}`] : []),
      ...splitCommandLine(settings.containerRunOptions ?? ''),
      settings.imageName,
      ...words,
    ];
    return {
      program: this.program,
      args,
      kill: () => {
        const env = unmarked(environment);
        spawn(this.program, ['rm', '--force', name], { env, stdio: 'ignore' }).unref();
      },
    };
  }
}

/** Without what tells the processes of a task: the client that removes its container must not be ended with them. */
function unmarked(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AZ_BATCH_')));
}

/** What belongs to the host and would only mislead inside of an image. */
const HOST_ONLY = new Set(['PATH', 'HOME', 'USER', 'TMPDIR']);

function binds({ containerHostBatchBindMounts: wanted }: ContainerSettings, environment: Environment): string[] {
  const root = environment['AZ_BATCH_NODE_ROOT_DIR'] ?? '';
  if (!wanted) return [`${root}:${root}`];
  return wanted.flatMap(({ source = '', isReadOnly = false }) => {
    const variable = BIND_SOURCES[source];
    const folder = variable === undefined ? path.join(root, 'applications') : environment[variable];
    return folder === undefined ? [] : [`${folder}:${folder}${isReadOnly ? ':ro' : ''}`];
  });
}
