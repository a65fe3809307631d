import { QUOTAS, type WorkspaceQuotas } from '@windrow/contract';
import { field, type FieldDocs, isOneOf } from '../common/validation/fields';
import { rule } from '../common/validation/rule';

export type QuotasMergePatch = Record<string, number | null>;

/** Quotas in a JSON merge patch: what is absent stays, null takes away. */
export function QuotasChange(docs: FieldDocs): PropertyDecorator {
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return field(
    docs,
    { type: 'object', additionalProperties: { type: 'integer', nullable: true, minimum: 0 } },
    rule('InvalidType', (value) => (isObject(value) ? undefined : 'must be an object of whole numbers and nulls')),
    rule('InvalidValue', (value) => {
      if (!isObject(value)) return undefined;
      for (const [name, quota] of Object.entries(value)) {
        if (!isOneOf(QUOTAS, name)) return { at: `.${name}`, text: `is none of ${QUOTAS.join(', ')}` };
        const fits = quota === null || (Number.isInteger(quota) && quota >= 0);
        if (!fits) return { at: `.${name}`, text: 'must be a whole number or null' };
      }
      return undefined;
    }),
  );
}

export function changedQuotas(quotas: WorkspaceQuotas = {}, change: QuotasMergePatch = {}): WorkspaceQuotas {
  const merged = Object.entries({ ...quotas, ...change }).filter(([, quota]) => quota !== null);
  return Object.fromEntries(merged);
}
