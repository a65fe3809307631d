import type { ValidationError } from 'class-validator';
import type { FieldError } from '../errors';
import { decodeComplaint } from './rule';

const CODES: Record<string, string> = {
  isDefined: 'Required',
  whitelistValidation: 'UnknownField',
  nestedValidation: 'InvalidType',
};
const MESSAGES: Record<string, string> = {
  Required: 'is required',
  UnknownField: 'is not a known field here',
  InvalidType: 'must be an object',
};
/** Told first when one field breaks several rules; the others usually follow from it. */
const FIRST = ['Required', 'UnknownField', 'InvalidType'];

/** Flattens class-validator's tree: at most one error for each field, each with its JSON path. */
export function fieldErrors(tree: ValidationError[], parent = '$'): FieldError[] {
  const unknownKind = tree.some((node) => node.constraints && 'UnknownKind' in node.constraints);
  return tree
    .filter((node) => !unknownKind || !isUnknownField(node))
    .flatMap((node) => {
      const path = join(parent, node.property, Array.isArray(node.target));
      const own = first(node.constraints, path);
      return [...(own ? [own] : []), ...fieldErrors(node.children ?? [], path)];
    });
}

/** With an unknown `kind` every other field would be called unknown too, which hides the one mistake. */
function isUnknownField(node: ValidationError): boolean {
  return node.constraints !== undefined && 'whitelistValidation' in node.constraints;
}

function join(parent: string, property: string, inList: boolean): string {
  if (inList) return `${parent}[${property}]`;
  return /^[A-Za-z_][\w-]*$/.test(property) ? `${parent}.${property}` : `${parent}[${JSON.stringify(property)}]`;
}

function first(constraints: Record<string, string> | undefined, path: string): FieldError | undefined {
  const broken = Object.entries(constraints ?? {}).map(([name, message]) => {
    const code = CODES[name] ?? name;
    const { at, text } = decodeComplaint(message);
    return { path: path + at, code, message: CODES[name] ? (MESSAGES[code] ?? text) : text };
  });
  return broken.find(({ code }) => FIRST.includes(code)) ?? broken[0];
}
