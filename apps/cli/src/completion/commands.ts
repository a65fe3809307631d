import { Argument, type Command } from 'commander';
import { define, type Session } from '../command';
import { type Context, createContext } from '../context';
import type { Page } from '../http/pages';
import { KINDS } from '../resources/kinds';
import { resolveSettings } from '../settings/settings';
import { candidates, type Names } from './candidates';
import { SCRIPTS } from './scripts';

/** Nobody waits longer for a Tab. */
const PATIENCE_MS = 1000;
const MOST = 200;

export function addCompletion(program: Command, session: Session): void {
  const completion = define(program, session, 'completion', {
    summary: 'Print the script that completes commands, options and names in a shell',
    examples: ['completion bash >> ~/.bashrc', 'completion fish > ~/.config/fish/completions/windrow.fish'],
    action: async ({ io }, _options, shell) => {
      io.out.write(SCRIPTS[shell] ?? '');
    },
  });
  completion.addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)));
  program
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[]) => {
      for (const found of await complete(program, session, words)) session.io.out.write(`${found}\n`);
    });
}

/** Never fails: whoever presses Tab wants no error. */
async function complete(program: Command, session: Session, words: readonly string[]): Promise<string[]> {
  const { words: fixed, names, prefix } = candidates(program, words);
  if (!names) return fixed;
  try {
    const io = { ...session.io, err: { ...session.io.err, write: () => undefined } };
    const context = createContext(io, await resolveSettings(flagsIn(words), io));
    return (await namesOf(context, names)).filter((name) => name.startsWith(prefix));
  } catch {
    return fixed;
  }
}

async function namesOf(context: Context, names: Names): Promise<string[]> {
  const kind = KINDS.find(({ nameField, argument = nameField }) => argument === names);
  const field = kind?.nameField ?? names;
  const path = kind ? await kind.path(context) : await context.scope.jobs();
  const options = { query: { pageSize: MOST }, attempts: 1, timeoutMs: PATIENCE_MS };
  const { value } = await context.api.json<Page<Record<string, unknown>>>(path, options);
  return value.flatMap((row) => (typeof row[field] === 'string' ? [row[field]] : []));
}

/** Of the command line so far, what says where to ask. */
function flagsIn(words: readonly string[]) {
  const after = (...flags: string[]) => {
    const at = words.findIndex((word) => flags.includes(word));
    const value = at < 0 || at >= words.length - 2 ? undefined : words[at + 1];
    return value;
  };
  const [url, keyFile] = [after('--url'), after('--key-file')];
  const [workspace, experiment] = [after('-w', '--workspace'), after('-e', '--experiment')];
  return {
    ...(url === undefined ? {} : { url }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(experiment === undefined ? {} : { experiment }),
  };
}
