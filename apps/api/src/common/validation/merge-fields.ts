import { field, type FieldDocs } from './fields';
import { rule } from './rule';
import { lengthOf, nulComplaint } from './texts';

/** Fields of JSON merge patches (RFC 7396): what is absent stays, null takes away. */

const MAX_TEXT = 1024;
const MAX_LABELS = 50;

export function TextChange(docs: FieldDocs): PropertyDecorator {
  return field(
    docs,
    { type: 'string', nullable: true, minLength: 1, maxLength: MAX_TEXT },
    rule('InvalidType', (value) => (value === null || typeof value === 'string' ? undefined : 'must be text or null')),
    rule('InvalidLength', (value) => {
      if (typeof value !== 'string') return undefined;
      const bad = nulComplaint(value);
      if (bad !== undefined) return bad;
      return value !== '' && lengthOf(value) <= MAX_TEXT ? undefined : `must have 1 to ${MAX_TEXT} characters`;
    }),
  );
}

export function LabelsChange(docs: FieldDocs, checkKey: (label: string) => string | undefined): PropertyDecorator {
  return field(
    docs,
    { type: 'object', additionalProperties: { type: 'string', nullable: true } },
    rule('InvalidType', (value) => {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject ? undefined : 'must be an object of texts and nulls';
    }),
    rule('InvalidValue', (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      for (const [label, text] of Object.entries(value as Record<string, unknown>)) {
        const isText = text === null || typeof text === 'string';
        const complaint = isText
          ? (nulComplaint(label) ?? nulComplaint(text ?? '') ?? checkKey(label))
          : 'must be text or null';
        if (complaint !== undefined) return { at: `.${label}`, text: complaint };
      }
      return undefined;
    }),
  );
}

/** The labels as a merge patch leaves them; undefined when those would be too many. */
export function mergedLabels(
  labels: Record<string, string>,
  change: Record<string, string | null> = {},
): Record<string, string> | undefined {
  const merged = Object.entries({ ...labels, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return merged.length <= MAX_LABELS ? Object.fromEntries(merged) : undefined;
}
