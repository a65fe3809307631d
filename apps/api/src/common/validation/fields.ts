import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsDefined, ValidateIf } from 'class-validator';
import { parseDuration, parseSize } from '@windrow/contract';
import { type Complaint, rule } from './rule';
import { lengthOf, nulComplaint } from './texts';

/** Each decorator validates a field and documents it, so that the two cannot drift apart. */
export interface FieldDocs {
  description: string;
  example?: unknown;
  default?: unknown;
  required?: boolean;
}

export function field(docs: FieldDocs, schema: ApiPropertyOptions, ...rules: PropertyDecorator[]): PropertyDecorator {
  const required = docs.required ?? false;
  return applyDecorators(
    ApiProperty({ ...schema, ...docs, required } as ApiPropertyOptions),
    // Absent is fine, null is not: null would reach the specification as a value.
    required ? IsDefined() : ValidateIf((_object: unknown, value: unknown) => value !== undefined),
    ...rules,
  );
}

const ofType = (type: 'string' | 'boolean', wanted: string) =>
  rule('InvalidType', (value) => (typeof value === type ? undefined : `must be ${wanted}`));

const whenText = (check: (text: string) => Complaint | undefined) => (value: unknown) =>
  typeof value === 'string' ? check(value) : undefined;

export interface TextLimits {
  max?: number;
  min?: number;
  pattern?: RegExp;
  /** What the pattern means, in words. */
  form?: string;
}

export function Text(docs: FieldDocs, limits: TextLimits = {}): PropertyDecorator {
  const { min = 1, max = 1024, pattern, form = '' } = limits;
  return field(
    docs,
    { type: 'string', minLength: min, maxLength: max, ...(pattern ? { pattern: pattern.source } : {}) },
    ofType('string', 'text'),
    rule(
      'InvalidLength',
      whenText((text) => lengthComplaint(text, min, max)),
    ),
    rule(
      'InvalidValue',
      whenText((text) => (!pattern || pattern.test(text) ? undefined : `must be ${form}`)),
    ),
  );
}

function lengthComplaint(text: string, min: number, max: number): string | undefined {
  const bad = nulComplaint(text);
  if (bad !== undefined) return bad;
  const length = lengthOf(text);
  if (length < min) return min === 1 ? 'must not be empty' : `must have at least ${min} characters`;
  return length > max ? `must have at most ${max} characters` : undefined;
}

export function Duration(docs: FieldDocs): PropertyDecorator {
  return field(
    { example: 'PT30M', ...docs },
    { type: 'string', format: 'duration' },
    ofType('string', 'an ISO 8601 duration such as PT30M or P1D'),
    rule(
      'InvalidDuration',
      whenText((text) => {
        const ms = parseDuration(text);
        if (ms === undefined) return 'must be an ISO 8601 duration such as PT30M or P1D';
        return ms > 0 && Number.isSafeInteger(Math.round(ms)) ? undefined : 'must be longer than nothing';
      }),
    ),
  );
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** A point in time; without an offset from UTC it would mean another one to each reader. */
export function Time(docs: FieldDocs): PropertyDecorator {
  const wanted = 'a point in time such as 2027-01-15T09:30:00Z';
  return field(
    { example: '2027-01-15T09:30:00Z', ...docs },
    { type: 'string', format: 'date-time' },
    ofType('string', wanted),
    rule(
      'InvalidTime',
      whenText((text) => (INSTANT.test(text) && !Number.isNaN(Date.parse(text)) ? undefined : `must be ${wanted}`)),
    ),
  );
}

export function Size(docs: FieldDocs): PropertyDecorator {
  return field(
    { example: '64MiB', ...docs },
    { type: 'string', pattern: String.raw`^\d+(B|KiB|MiB|GiB)?$` },
    ofType('string', 'a size such as 64MiB'),
    rule(
      'InvalidSize',
      whenText((text) => ((parseSize(text) ?? 0) > 0 ? undefined : 'must be a size above 0 such as 64MiB')),
    ),
  );
}

export function Int(docs: FieldDocs, min: number, max = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  return numeric(docs, 'integer', min, max);
}

export function Num(docs: FieldDocs, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): PropertyDecorator {
  return numeric(docs, 'number', min, max);
}

function numeric(docs: FieldDocs, type: 'integer' | 'number', min: number, max: number): PropertyDecorator {
  const fits = type === 'integer' ? Number.isInteger : Number.isFinite;
  const bounds = {
    ...(Math.abs(min) < 1e15 ? { minimum: min } : {}),
    ...(Math.abs(max) < 1e15 ? { maximum: max } : {}),
  };
  return field(
    docs,
    { type, ...bounds },
    rule('InvalidType', (value) =>
      fits(value) ? undefined : `must be ${type === 'integer' ? 'an integer' : 'a number'}`,
    ),
    rule('OutOfRange', (value) => {
      if (typeof value !== 'number' || (value >= min && value <= max)) return undefined;
      return max < 1e15 ? `must be between ${min} and ${max}` : `must be at least ${min}`;
    }),
  );
}

export function Flag(docs: FieldDocs): PropertyDecorator {
  return field(docs, { type: 'boolean' }, ofType('boolean', 'true or false'));
}

export function Choice(docs: FieldDocs, values: readonly string[]): PropertyDecorator {
  return field(
    docs,
    { type: 'string', enum: [...values] },
    rule('InvalidValue', (value) => (isOneOf(values, value) ? undefined : `must be one of ${values.join(', ')}`)),
  );
}

export function isOneOf(values: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && values.includes(value);
}

/** Any JSON: the field's own meaning is checked elsewhere. */
export function AnyJson(docs: FieldDocs, schema: ApiPropertyOptions, check: (value: unknown) => Complaint | undefined) {
  return field(docs, schema, rule('InvalidType', check));
}
