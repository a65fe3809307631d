import type { Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import type { FieldError } from '../errors';
import { fieldErrors } from './field-errors';
import { instantiate } from './instantiate';
import { isBroken } from './texts';

/** Deeper JSON is refused unread: validators and canonical JSON recurse. */
const MAX_DEPTH = 64;

/** Checks plain JSON against a DTO class; nothing unknown passes. */
export function validateAs(type: Type<object>, value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path: '$', code: 'InvalidType', message: `must be a JSON object, not ${kindOf(value)}` }];
  }
  const trap = findTrap(value, '$', 0);
  if (trap) return [trap];
  const tree = validateSync(instantiate(type, value), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    skipMissingProperties: false,
  });
  return [...reservedKeys(value), ...fieldErrors(tree)];
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** class-validator looks fields up in a plain object, where this one is always found. */
function reservedKeys(value: object): FieldError[] {
  if (!Object.hasOwn(value, 'constructor')) return [];
  return [{ path: '$.constructor', code: 'UnknownField', message: 'is not a known field here' }];
}

function findTrap(value: unknown, path: string, depth: number): FieldError | undefined {
  if (typeof value === 'string' && isBroken(value)) return brokenText(path);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { path, code: 'TooDeep', message: `is nested more than ${MAX_DEPTH} levels deep` };
  for (const [key, entry] of Object.entries(value)) {
    if (isBroken(key)) return brokenText(path);
    if (key === '__proto__') return { path, code: 'UnknownField', message: 'must not have a field named __proto__' };
    const found = findTrap(entry, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function brokenText(path: string): FieldError {
  return { path, code: 'InvalidValue', message: 'must not contain half of a surrogate pair: it is no character' };
}
