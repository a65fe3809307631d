import type { Json, TemplateScope } from '@windrow/contract';
import { InvalidInputError } from '../errors';

/** `{{...}}` in a text of the specification. */
const TEMPLATE = /\{\{([^{}]*)\}\}/g;
/** Characters that no shell looks at twice. */
const NEEDS_NO_QUOTING = /^[A-Za-z0-9_@%+=:,./-]+$/;

const KNOWN = '{{item}}, {{item.name}}, {{parameters.name}} and {{task.index}}';

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
  root: 'item' | 'parameters' | 'task';
  keys: string[];
}

/**
 * Reads the templates of a text; undefined when it has none.
 * @throws InvalidInputError `InvalidTemplate` for names that do not exist
 */
export function parseTemplate(text: string, path: string, options: { isCommand?: boolean } = {}): Template | undefined {
  const parts: (string | Reference)[] = [];
  let end = 0;
  for (const match of text.matchAll(TEMPLATE)) {
    parts.push(text.slice(end, match.index), reference(match[0], match[1]!, path));
    end = match.index + match[0].length;
  }
  if (parts.length === 0) return undefined;
  parts.push(text.slice(end));
  const usesItem = parts.some((part) => typeof part !== 'string' && part.root === 'item');
  return { path, parts, usesItem, isCommand: options.isCommand ?? false };
}

function reference(text: string, inside: string, path: string): Reference {
  const [root, ...keys] = inside.trim().split('.');
  const known =
    root === 'item' ||
    (root === 'parameters' && keys.length > 0) ||
    (root === 'task' && keys.length === 1 && keys[0] === 'index');
  if (known && keys.every((key) => key !== '')) return { text, root, keys };
  throw invalid(
    path,
    `'${text}' is not a template. There are ${KNOWN}; put other text with double braces into a file of the program.`,
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

function valueText(template: Template, { text, root, keys }: Reference, scope: TemplateScope, number: number): string {
  const where = root === 'item' ? ` of item ${number}` : '';
  const start: Json | undefined = root === 'task' ? { index: scope.task.index } : scope[root];
  const value = start === undefined ? undefined : lookUp(start, keys);
  if (value === undefined) {
    const remedy = root === 'item' ? 'Correct the name or the item.' : 'Add it or correct the name.';
    throw invalid(template.path, `'${text}'${where} names nothing that exists. ${remedy}`);
  }
  const result = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  if (template.isCommand && !NEEDS_NO_QUOTING.test(result)) {
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
