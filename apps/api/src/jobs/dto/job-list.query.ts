import { JOB_STATES, type JobState } from '@windrow/contract';
import { field, isOneOf, Time } from '../../common/validation/fields';
import { rule } from '../../common/validation/rule';
import { PageQuery } from '../../http/page-query';

/** Conditions on labels in one listing. */
const MAX_LABELS = 10;

/** A query parameter may come once, or several times. */
export function many<T>(value: T | T[] | undefined): T[] | undefined {
  return value === undefined ? undefined : ([] as T[]).concat(value);
}

export class JobListQueryDto extends PageQuery {
  @field(
    { description: 'Only jobs in this state; given several times, in one of these.', example: 'running' },
    { type: 'string', enum: JOB_STATES, isArray: true },
    rule('InvalidValue', (value) =>
      many(value)?.every((state) => isOneOf(JOB_STATES, state)) ? undefined : `must be one of ${JOB_STATES.join(', ')}`,
    ),
  )
  state?: JobState | JobState[];

  @field(
    {
      description: 'Only jobs with this label, as `name:value`; given several times, with all of them.',
      example: 'team:aero',
    },
    { type: 'array', items: { type: 'string', pattern: '^[^:]+:' }, maxItems: MAX_LABELS },
    rule('InvalidValue', (value) => {
      const labels = many(value) ?? [];
      if (labels.length > MAX_LABELS) return `must be given at most ${MAX_LABELS} times`;
      const isLabel = (text: unknown) => typeof text === 'string' && text.indexOf(':') > 0;
      return labels.every(isLabel) ? undefined : 'must be name:value, such as team:aero';
    }),
  )
  label?: string | string[];

  @Time({ description: 'Only jobs created after this moment.' })
  createdAfter?: string;

  @Time({ description: 'Only jobs created before this moment.' })
  createdBefore?: string;
}
