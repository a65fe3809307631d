import type { Command } from 'commander';
import { define, group, type Session, several } from '../command';
import { confirmed } from '../confirm';
import type { Context } from '../context';
import { CliError } from '../errors';
import { collect } from '../http/pages';
import { remove } from '../http/remove';
import { part } from '../http/scope';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { readSpec, type Spec } from '../spec/read-spec';
import { describe } from './describe';
import type { Kind, Resource } from './kind';

export interface BodyOptions {
  file?: string;
  set?: string[];
  displayName?: string;
  label?: string[];
}

/** `list`, `show`, `create`, `update` and `delete` of one kind of resource. */
export function addResource(parent: Command, session: Session, kind: Kind): Command {
  const { plural, singular } = kind;
  const commands = group(parent, plural, `Commands for ${plural.replace('-', ' ')}`);
  const argument = `<${kind.argument ?? kind.nameField}>`;
  define<LimitOptions>(commands, session, 'list', {
    summary: `List ${plural.replace('-', ' ')}`,
    examples: [`${plural} list`, `${plural} list -o json`],
    options: limitOptions,
    action: async (context, options) => list(context, kind, options),
  });
  define(commands, session, `show ${argument}`, {
    summary: `Show a ${singular}`,
    examples: [`${plural} show NAME`],
    action: async (context, _options, name) => {
      context.out.document(await context.api.json<Resource>(await pathOf(context, kind, name)), describe);
    },
  });
  define<BodyOptions>(commands, session, `create <name>`, {
    summary: `Create a ${singular}; the same again changes nothing`,
    examples: [kind.createExample],
    options: bodyOptions,
    action: async (context, options, name) => change(context, kind, 'PUT', name, options),
  });
  define<BodyOptions>(commands, session, `update ${argument}`, {
    summary: `Change what is given of a ${singular}`,
    examples: [kind.updateExample],
    options: bodyOptions,
    action: async (context, options, name) => change(context, kind, 'PATCH', name, options),
  });
  define<{ yes?: boolean }>(commands, session, `delete ${argument}`, {
    summary: `Delete a ${singular}`,
    examples: [`${plural} delete NAME --yes`],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    action: async (context, { yes }, name) => {
      const comma = kind.loses.startsWith(';') ? '' : ' ';
      await confirmed(context, yes, `Delete ${singular} '${name}'${comma}${kind.loses}?`);
      await remove(context, await pathOf(context, kind, name), `${singular} '${name}'`);
    },
  });
  return commands;
}

export function bodyOptions(command: Command): void {
  command
    .option('-f, --file <file>', 'body from a YAML or JSON file (- for standard input)')
    .option('--set <path=value>', 'put a value into the body (several times)', several)
    .option('--display-name <text>', 'title for people')
    .option('--label <key=value>', 'a label (several times)', several);
}

/** The file with what the flags put into it. */
export async function bodyOf({ io }: Context, { file, set = [], displayName, label = [] }: BodyOptions): Promise<Spec> {
  const flags = [
    ...(displayName === undefined ? [] : [`displayName=${JSON.stringify(displayName)}`]),
    ...label.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined) throw new CliError(`'--label ${text}' is not of the form key=value.`);
      return `labels[${JSON.stringify(key)}]=${JSON.stringify(value)}`;
    }),
  ];
  return readSpec(file, [...flags, ...set], io);
}

export async function pathOf(context: Context, kind: Kind, name: string): Promise<string> {
  return `${await kind.path(context)}/${part(name)}`;
}

async function list(context: Context, kind: Kind, options: LimitOptions): Promise<void> {
  const page = await collect<Resource>(context.api, await kind.path(context), limitOf(options));
  context.out.document(page, ({ value }) =>
    value.length === 0
      ? `No ${kind.plural.replace('-', ' ')} here. \`windrow ${kind.plural} create NAME\` makes one.\n`
      : context.out.table(kind.columns(context), value),
  );
  noteMore(context, page);
}

async function change(context: Context, kind: Kind, method: 'PUT' | 'PATCH', name: string, options: BodyOptions) {
  const spec = await bodyOf(context, options);
  if (method === 'PATCH' && Object.keys(spec.body).length === 0) {
    throw new CliError('Nothing to change was given.', { next: `Such as: windrow ${kind.updateExample}` });
  }
  try {
    const made = await context.api.json<Resource>(await pathOf(context, kind, name), { method, body: spec.body });
    context.out.document(made, describe);
    if (method === 'PUT') kind.created?.(context, made);
  } catch (error) {
    throw spec.explain(error);
  }
}
