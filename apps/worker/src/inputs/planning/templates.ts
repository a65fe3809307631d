import type { Json, TemplateScope } from '@windrow/contract';
import { needsNoQuoting } from '@windrow/contract';
import { InvalidInputError } from '../errors';

/** `{{...}}` in a text of the specification. */
const TEMPLATE = /\{\{([^{}]*)\}\}/g;

/** Where a text stands decides what it may name: a task has an index, an item that is being mapped has not got one yet. */
const KNOWN = {
  task: '{{item}}, {{item.name}}, {{parameters.name}} and {{task.index}}',
  mapping: '{{item}}, {{item.name}}, {{itemIndex}} and {{parameters.name}}',
};
type Place = keyof typeof KNOWN;

/** A text of the specification: pieces to keep and names to look up, in turn. */
export interface Template {
  /** Place in the specification, as a JSON path. */
  path: string;
  parts: (string | Reference)[];
  usesItem: boolean;
  /** Values may only hold characters that need no quoting. */
  isCommand: boolean;
}

interface Reference {
  /** As written, for messages. */
  text: string;
  root: 'item' | 'itemIndex' | 'parameters' | 'task';
  keys: string[];
}

/**
 * Reads the templates of a text; undefined when it has none.
 * @throws InvalidInputError `InvalidTemplate` for names that do not exist
 */
export function parseTemplate(
  text: string,
  path: string,
  options: { isCommand?: boolean; in?: Place } = {},
): Template | undefined {
  const parts: (string | Reference)[] = [];
  let end = 0;
  for (const match of text.matchAll(TEMPLATE)) {
    parts.push(text.slice(end, match.index), reference(match[0], match[1]!, path, options.in ?? 'task'));
    end = match.index + match[0].length;
  }
  if (parts.length === 0) return undefined;
  parts.push(text.slice(end));
  const usesItem = parts.some((part) => typeof part !== 'string' && part.root === 'item');
  return { path, parts, usesItem, isCommand: options.isCommand ?? false };
}

function reference(text: string, inside: string, path: string, place: Place): Reference {
  const [root, ...keys] = inside.trim().split('.');
  const known =
    root === 'item' ||
    (root === 'parameters' && keys.length > 0) ||
    (root === 'itemIndex' && keys.length === 0 && place === 'mapping') ||
    (root === 'task' && keys.length === 1 && keys[0] === 'index' && place === 'task');
  if (known && keys.every((key) => key !== '')) return { text, root, keys };
  throw invalid(
    path,
    `'${text}' is not a template. There are ${KNOWN[place]}; put other text with double braces into a file of the program.`,
  );
}

/**
 * The text with its templates replaced.
 * @param number the item's number in the input, from 1, for messages
 * @throws InvalidInputError `InvalidTemplate`
 */
export function expandTemplate(template: Template, scope: TemplateScope, number: number): string {
  return template.parts
    .map((part) => (typeof part === 'string' ? part : valueText(template, part, scope, number)))
    .join('');
}

/**
 * What a template stands for: the value itself, of whatever type, where the text is nothing but one name; text else.
 * @throws InvalidInputError `InvalidTemplate`
 */
export function templateValue(template: Template, scope: TemplateScope, number: number): Json {
  const [before, only, after] = template.parts;
  const isWhole = template.parts.length === 3 && before === '' && after === '' && typeof only !== 'string';
  return isWhole ? referredValue(template, only!, scope, number) : expandTemplate(template, scope, number);
}

function referredValue(
  template: Template,
  { text, root, keys }: Reference,
  scope: TemplateScope,
  number: number,
): Json {
  const start: Json | undefined = scope[root];
  const value = start === undefined ? undefined : lookUp(start, keys);
  if (value !== undefined) return value;
  const remedy = root === 'item' ? 'Correct the name or the item.' : 'Add it or correct the name.';
  throw invalid(template.path, `'${text}'${itemWords(root, number)} names nothing that exists. ${remedy}`);
}

function itemWords(root: Reference['root'], number: number): string {
  return root === 'item' ? ` of item ${number}` : '';
}

function valueText(template: Template, reference: Reference, scope: TemplateScope, number: number): string {
  const { text, root } = reference;
  const where = itemWords(root, number);
  const value = referredValue(template, reference, scope, number);
  const result = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  if (template.isCommand && !needsNoQuoting(result)) {
    throw invalid(
      template.path,
      `'${text}'${where} is ${shown(result)}, which a command line cannot take: only letters, digits and _@%+=:,./- are allowed there. Hand it over in $.task.environment and use the variable, or read WINDROW_ITEM.`,
    );
  }
  if (result.includes('\0')) throw invalid(template.path, `'${text}'${where} holds a NUL, which no variable can.`);
  return result;
}

/** A name may hold dots itself (a CSV column `a.b`): the longest one that exists goes first. */
function lookUp(value: Json, keys: string[]): Json | undefined {
  if (keys.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let taken = keys.length; taken > 0; taken -= 1) {
    const key = keys.slice(0, taken).join('.');
    if (!Object.hasOwn(value, key) || (Array.isArray(value) && key === 'length')) continue;
    const found = lookUp((value as Record<string, Json>)[key]!, keys.slice(taken));
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(text: string): string {
  return text === '' ? 'empty' : JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}

function invalid(path: string, message: string): InvalidInputError {
  return new InvalidInputError('InvalidTemplate', message, { path });
}
