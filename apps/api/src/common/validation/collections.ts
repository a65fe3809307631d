import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateNested } from 'class-validator';
import { field, type FieldDocs } from './fields';
import { nulComplaint } from './texts';
import { NestedAs } from './instantiate';
import { type Complaint, rule } from './rule';
import { validateAs } from './validate';

type Check<T> = (value: T) => string | undefined;

export interface ListLimits {
  min?: number;
  max?: number;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function TextList(docs: FieldDocs, limits: ListLimits = {}, check?: Check<string>): PropertyDecorator {
  return list(docs, { type: 'array', items: { type: 'string', minLength: 1 } }, limits, (entry) =>
    typeof entry === 'string' && entry !== '' ? (nulComplaint(entry) ?? check?.(entry)) : 'must be non-empty text',
  );
}

export function IntList(docs: FieldDocs, limits: ListLimits = {}): PropertyDecorator {
  return list(docs, { type: 'array', items: { type: 'integer' } }, limits, (entry) =>
    Number.isInteger(entry) ? undefined : 'must be an integer',
  );
}

function list(docs: FieldDocs, schema: ApiPropertyOptions, limits: ListLimits, check: Check<unknown>) {
  const { min = 0, max = 10_000 } = limits;
  return field(
    docs,
    { ...schema, minItems: min, maxItems: max },
    listShape(min, max),
    rule('InvalidValue', (value) => {
      if (!Array.isArray(value)) return undefined;
      return firstComplaint(value.map((entry, n) => [`[${n}]`, check(entry)]));
    }),
  );
}

function listShape(min: number, max: number): PropertyDecorator {
  return rule('InvalidType', (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length < min) return `must have at least ${min} ${min === 1 ? 'entry' : 'entries'}`;
    return value.length > max ? `must have at most ${max} entries` : undefined;
  });
}

/** Text by name: labels, environment variables. */
export function Dictionary(docs: FieldDocs, max: number, checkKey?: Check<string>): PropertyDecorator {
  return field(
    docs,
    { type: 'object', additionalProperties: { type: 'string' } },
    rule('InvalidType', (value) => (isObject(value) ? undefined : 'must be an object of texts')),
    rule('InvalidValue', (value) => {
      if (!isObject(value)) return undefined;
      const entries = Object.entries(value);
      if (entries.length > max) return `must have at most ${max} entries`;
      return firstComplaint(
        entries.map(([key, entry]) => [
          `.${key}`,
          typeof entry === 'string' ? (nulComplaint(key) ?? nulComplaint(entry) ?? checkKey?.(key)) : 'must be text',
        ]),
      );
    }),
  );
}

function firstComplaint(results: [at: string, text: string | undefined][]): Complaint | undefined {
  const found = results.find(([, text]) => text !== undefined);
  return found?.[1] === undefined ? undefined : { at: found[0], text: found[1] };
}

function listOfObjects(): PropertyDecorator {
  return rule('InvalidValue', (value) => {
    if (!Array.isArray(value)) return undefined;
    return firstComplaint(value.map((entry, n) => [`[${n}]`, isObject(entry) ? undefined : 'must be an object']));
  });
}

/** Objects of one form by name. */
export function NestedDictionary(
  docs: FieldDocs,
  type: Type<object>,
  max: number,
  checkKey?: Check<string>,
): PropertyDecorator {
  const decorators = field(
    docs,
    { type: 'object', additionalProperties: { $ref: getSchemaPath(type) } },
    rule('InvalidType', (value) => (isObject(value) ? undefined : 'must be an object of objects')),
    rule('InvalidValue', (value) => {
      if (!isObject(value)) return undefined;
      const entries = Object.entries(value);
      if (entries.length > max) return `must have at most ${max} entries`;
      for (const [key, entry] of entries) {
        const ofKey = checkKey?.(key);
        if (ofKey !== undefined) return { at: `.${key}`, text: ofKey };
        // Its errors are those of a whole body: `$` stands for the entry.
        const [first] = validateAs(type, entry);
        if (first) return { at: `.${key}${first.path.slice(1)}`, text: first.message };
      }
      return undefined;
    }),
  );
  return (target, property) => {
    ApiExtraModels(type)(target.constructor);
    decorators(target, property);
  };
}

const mustBeObject = () => rule('InvalidType', (value) => (isObject(value) ? undefined : 'must be an object'));

// Nest tells a type from a function that gives one by the name `type`, which the arrow functions below get.
export function Nested(docs: FieldDocs, type: () => Type<object>): PropertyDecorator {
  return applyDecorators(field(docs, { type: () => type() }, mustBeObject(), ValidateNested()), NestedAs(type));
}

export function NestedList(docs: FieldDocs, type: () => Type<object>, limits: ListLimits = {}): PropertyDecorator {
  const { min = 0, max = 1000 } = limits;
  return applyDecorators(
    field(
      docs,
      { type: () => type(), isArray: true, minItems: min, maxItems: max },
      listShape(min, max),
      listOfObjects(),
      ValidateNested({ each: true }),
    ),
    NestedAs(type),
  );
}

/** Alternatives told apart by their `kind`. */
export function UnionByKind(docs: FieldDocs, kinds: Record<string, Type<object>>): PropertyDecorator {
  const UnknownKind = unknownKindOf(Object.keys(kinds));
  const pick = (value: object) => {
    const kind = 'kind' in value ? value.kind : undefined;
    return (typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? UnknownKind;
  };
  const mapping = Object.fromEntries(Object.entries(kinds).map(([kind, type]) => [kind, getSchemaPath(type)]));
  return union(docs, Object.values(kinds), pick, { discriminator: { propertyName: 'kind', mapping } });
}

/** Alternatives told apart by the field that only the first one has. */
export function UnionByField(docs: FieldDocs, marker: string, marked: Type<object>, other: Type<object>) {
  return union(docs, [marked, other], (value) => (marker in value ? marked : other), {});
}

/** A list of alternatives told apart by the field that only the first one has. */
export function UnionListByField(
  docs: FieldDocs,
  marker: string,
  marked: Type<object>,
  other: Type<object>,
  limits: ListLimits = {},
): PropertyDecorator {
  const { min = 0, max = 1000 } = limits;
  const oneOf = [marked, other].map((type) => ({ $ref: getSchemaPath(type) }));
  const decorators = applyDecorators(
    field(
      docs,
      { type: 'array', items: { oneOf }, minItems: min, maxItems: max },
      listShape(min, max),
      listOfObjects(),
      ValidateNested({ each: true }),
    ),
    NestedAs((value) => (marker in value ? marked : other)),
  );
  return (target, property) => {
    ApiExtraModels(marked, other)(target.constructor);
    decorators(target, property);
  };
}

function union(
  docs: FieldDocs,
  types: Type<object>[],
  pick: (value: object) => Type<object>,
  extra: ApiPropertyOptions,
) {
  const oneOf = types.map((type) => ({ $ref: getSchemaPath(type) }));
  const decorators = applyDecorators(
    field(docs, { oneOf, ...extra }, mustBeObject(), ValidateNested()),
    NestedAs(pick),
  );
  return (target: object, property: string | symbol) => {
    ApiExtraModels(...types)(target.constructor);
    decorators(target, property);
  };
}

function unknownKindOf(kinds: string[]): Type<object> {
  class UnknownKind {
    kind?: unknown;
  }
  rule('UnknownKind', () => `must be one of ${kinds.join(', ')}`)(UnknownKind.prototype, 'kind');
  return UnknownKind;
}
