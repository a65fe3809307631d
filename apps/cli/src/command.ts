import type { Command } from 'commander';
import { type Context, createContext } from './context';
import { CliError } from './errors';
import type { ExitCode } from './exit-codes';
import type { Io } from './io';
import { type Flags, resolveSettings } from './settings/settings';

/** Options as commander gives them; each command knows its own. */
export type Options = Record<string, unknown>;

/** Undefined is {@link ExitCode.ok}. */
export type Action<O> = (context: Context, options: O & Flags, ...args: string[]) => Promise<ExitCode | void>;

/** Where an action leaves the exit code of the process. */
export interface Session {
  io: Io;
  exitCode: ExitCode;
}

export interface Definition<O> {
  summary: string;
  /** Command lines without `windrow`, each of which works. */
  examples: string[];
  options?: (command: Command) => void;
  action: Action<O>;
}

/** Adds a command; `usage` is its name and arguments, such as `show <job>`. */
export function define<O>(parent: Command, session: Session, usage: string, definition: Definition<O>): Command {
  const command = parent.command(usage).summary(definition.summary).description(`${definition.summary}.`);
  definition.options?.(command);
  const examples = definition.examples.map((line) => `  $ windrow ${line}`).join('\n');
  command.addHelpText('after', `\nExamples:\n${examples}`);
  command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals<O & Flags>();
    const args = given.slice(0, command.registeredArguments.length) as string[];
    const context = createContext(session.io, await resolveSettings(options, session.io));
    session.exitCode = (await definition.action(context, options, ...args)) ?? session.exitCode;
  });
  return command;
}

/** A command that only holds others. */
export function group(parent: Command, name: string, summary: string): Command {
  return parent.command(name).summary(summary).description(`${summary}.`);
}

/** For options that take a number. @throws CliError */
export function wholeNumber(option: string, smallest = 0): (value: string) => number {
  return (value) => {
    if (/^\d{1,12}$/.test(value) && Number(value) >= smallest) return Number(value);
    throw new CliError(`${option} must be a whole number from ${smallest}; it is '${value}'.`);
  };
}

/** For options that may be given several times. */
export function several(value: string, before: string[] = []): string[] {
  return [...before, value];
}
