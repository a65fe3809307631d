import { CliError, reasonOf } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Io } from '../io';
import type { Style } from './style';
import { clean } from './words';

/** What was wrong, where, and what to do, on standard error. Returns the exit code that says the same to a script. */
export function printError(error: unknown, { err }: Pick<Io, 'err'>, style: Style): ExitCode {
  if (!(error instanceof CliError)) {
    err.write(`${style.red('Error:')} ${clean(reasonOf(error))}\n`);
    err.write('  This was not foreseen. With WINDROW_DEBUG=1 the command shows where it came from.\n');
    return ExitCode.local;
  }
  err.write(`${style.red('Error:')} ${clean(error.message)}\n`);
  for (const detail of error.details) err.write(`  ${clean(detail)}\n`);
  if (error.where !== undefined) err.write(`  ${style.dim(`at ${clean(error.where)}`)}\n`);
  if (error.next !== undefined) err.write(`  Next: ${error.next}\n`);
  return error.exitCode;
}
