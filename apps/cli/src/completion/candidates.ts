import type { Command, Option } from 'commander';

const OF_WORKSPACES = ['cluster', 'experiment', 'schedule', 'fileServer', 'application', 'webhook'] as const;
const NAMES = ['job', 'workspace', ...OF_WORKSPACES] as const;

/** Of which resource names may stand in a place. */
export type Names = (typeof NAMES)[number];

/** What may follow: fixed words, or names that only the API knows, among them those that begin with `prefix`. */
export interface Candidates {
  words: string[];
  names?: Names;
  prefix: string;
}

/** `words`: what follows `windrow`, the last one perhaps not yet whole. */
export function candidates(program: Command, words: readonly string[]): Candidates {
  const prefix = words.at(-1) ?? '';
  let command = program;
  let position = 0;
  let expecting: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (expecting) {
      expecting = undefined;
    } else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ short, long }) => word === short || word === long);
      expecting = option && (option.required || option.optional) ? option : undefined;
    } else {
      const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next && position === 0) command = next;
      else position += 1;
    }
  }
  if (expecting) return forOption(expecting, prefix);
  if (prefix.startsWith('-')) {
    const long = optionsOf(command).flatMap((option) => (option.hidden || !option.long ? [] : [option.long]));
    return { words: matching([...long, '--help'], prefix), prefix };
  }
  const subcommands = command.commands.filter((one) => !one.name().startsWith('__')).map((one) => one.name());
  if (subcommands.length > 0 && position === 0) {
    return { words: matching(command === program ? [...subcommands, 'help'] : subcommands, prefix), prefix };
  }
  const argument = command.registeredArguments[position];
  const names = NAMES.find((name) => name === argument?.name());
  return { words: matching(argument?.argChoices ?? [], prefix), prefix, ...(names ? { names } : {}) };
}

function forOption(option: Option, prefix: string): Candidates {
  if (option.argChoices) return { words: matching(option.argChoices, prefix), prefix };
  const names = NAMES.find((name) => option.long === `--${name}`);
  return { words: [], prefix, ...(names ? { names } : {}) };
}

/** Its own, and those of the commands around it. */
function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent ? optionsOf(command.parent) : [])];
}

function matching(words: readonly string[], prefix: string): string[] {
  return words.filter((word) => word.startsWith(prefix));
}
