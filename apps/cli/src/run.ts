import { CommanderError } from 'commander';
import type { Session } from './command';
import { ExitCode } from './exit-codes';
import type { Io } from './io';
import { printError } from './output/print-error';
import { styleOf } from './output/style';
import { createProgram } from './program';

/** Runs one command line (without `node` and the script) to its end. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const session: Session = { io, exitCode: ExitCode.ok };
  try {
    await createProgram(session).parseAsync([...args], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    // Its message is printed; help and version that were asked for are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    if (io.env['WINDROW_DEBUG'] && error instanceof Error) io.err.write(`${error.stack}\n`);
    const colour = io.err.isTTY && !io.env['NO_COLOR'] && !args.includes('--no-color');
    return printError(error, io, styleOf(colour));
  }
}
