import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { define, type Session } from '../command';
import { CliError } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Io } from '../io';

const LAUNCHER = path.join('scripts', 'run.mjs');

export function addUp(parent: Command, session: Session): void {
  define(parent, session, 'up', {
    summary: 'Start the local stack, as `npm start` does, until Ctrl-C',
    examples: ['up'],
    action: async ({ io }) => startStack(findLauncher(__dirname), io),
  });
}

/**
 * The launcher of the repository that this command was installed from.
 * @throws CliError that says what was looked for and what was found
 */
export function findLauncher(from: string): string {
  const seen: string[] = [];
  for (let folder = from; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const name = nameIn(manifest);
      const launcher = path.join(folder, LAUNCHER);
      if (name === 'windrow' && existsSync(launcher)) return launcher;
      seen.push(
        `${manifest}: ${name === 'windrow' ? `there is no ${LAUNCHER} beside it` : `package '${name ?? '?'}'`}`,
      );
    }
    if (path.dirname(folder) === folder) break;
  }
  throw new CliError('The local stack is not installed with this command.', {
    details: seen.length > 0 ? seen : [`no package.json in ${from} or above`],
    exitCode: ExitCode.notFound,
    next: 'Clone the repository of Windrow and run `npm start` there; or name a running API with --url.',
  });
}

function nameIn(manifest: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

/** Ctrl-C at the terminal reaches the stack as well; it says when it is done. */
async function startStack(launcher: string, io: Pick<Io, 'interruption'>): Promise<ExitCode> {
  const stopped = io.interruption();
  const child = spawn(process.execPath, [launcher, 'start'], { stdio: 'inherit' });
  // A signal that was sent to this process alone is handed on; twice is no harm.
  stopped.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve((code ?? (signal ? ExitCode.interrupted : 0)) as ExitCode));
  });
}
