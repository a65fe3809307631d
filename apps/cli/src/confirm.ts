import type { Context } from './context';
import { CliError } from './errors';
import { ExitCode } from './exit-codes';

/** Asks a person before something is lost. @throws CliError when nobody can be asked, or says no */
export async function confirmed({ io }: Context, yes: boolean | undefined, question: string): Promise<void> {
  if (yes) return;
  if (!io.stdinIsTTY) throw new CliError(`${question} Nobody can be asked here.`, { next: 'Add --yes.' });
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw new CliError('Nothing was deleted.', { exitCode: ExitCode.interrupted });
}
