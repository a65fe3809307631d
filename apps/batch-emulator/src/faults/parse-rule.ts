import { isObject } from '../util/json';
import { KINDS, type FaultKind, type FaultRule, type FieldName } from './kinds';

/** An order that makes no sense; names the field. */
export class RuleError extends Error {
  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(`${field}: ${reason}`);
    this.name = 'RuleError';
  }
}

/** Why a value is wrong; nothing when it is right. */
type Check = (value: unknown) => string | undefined;

/** The longest that a timer of Node can wait. */
const MAX_MS = 2_000_000_000;
const CODE = /^[A-Za-z][A-Za-z0-9_.]*$/;

const name: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a name; * is anything';
const number =
  (min: number, max = Number.POSITIVE_INFINITY, above = false): Check =>
  (value) =>
    typeof value === 'number' && value <= max && (above ? value > min : value >= min)
      ? undefined
      : `must be a number ${above ? 'above' : 'from'} ${min}${max === Number.POSITIVE_INFINITY ? '' : ` to ${max}`}`;
const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isInteger(value) ? number(min, max)(value) : 'must be a whole number';

const CHECKS: Readonly<Record<FieldName, Check>> = {
  operation: name,
  poolId: name,
  nodeId: name,
  jobId: name,
  taskId: name,
  vmSize: name,
  times: whole(1),
  probability: number(0, 1),
  seed: whole(0, 2 ** 32 - 1),
  afterSeconds: number(0, 1e9),
  forSeconds: number(0, 1e9, true),
  status: whole(400, 599),
  code: (value) => (typeof value === 'string' && CODE.test(value) ? undefined : 'must be an error code'),
  retryAfter: whole(0),
  ms: number(0, MAX_MS),
  exitCode: (value) => (value === 0 ? 'must not be 0, which is success' : whole(-(2 ** 31), 2 ** 31 - 1)(value)),
  allocated: whole(0),
  nodes: (value) =>
    Array.isArray(value) && value.every((id) => typeof id === 'string') ? undefined : 'must be a list of node ids',
  share: number(0, 1, true),
  perHour: number(0, 1e6, true),
  state: (value) => (value === 'unknown' || value === 'unusable' ? undefined : 'must be unknown or unusable'),
  downSeconds: number(0, 1e9),
};

/** Only one of them makes sense in a rule. */
const EXCLUSIVE: readonly (readonly [FieldName, FieldName])[] = [
  ['nodes', 'share'],
  ['nodes', 'perHour'],
  ['share', 'perHour'],
];

/**
 * Reads one rule; `at` is where it stands in what was sent. An operation without `*` must be one of those that there
 * are, because a rule with a misspelt one would never strike.
 */
export function parseRule(value: unknown, at: string, operations: ReadonlySet<string>): FaultRule {
  if (!isObject(value)) throw new RuleError(at === '' ? 'rule' : at, 'must be a JSON object');
  const fieldAt = (field: string): string => (at === '' ? field : `${at}.${field}`);
  const kind = value['kind'] ?? 'reject';
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    throw new RuleError(fieldAt('kind'), `${JSON.stringify(kind)} is none of ${Object.keys(KINDS).join(', ')}`);
  }
  const fields: readonly string[] = KINDS[kind as FaultKind];
  for (const [field, given] of Object.entries(value)) {
    if (field === 'kind') continue;
    if (!fields.includes(field)) throw new RuleError(fieldAt(field), `${kind} takes only ${fields.join(', ')}`);
    const reason = CHECKS[field as FieldName](given);
    if (reason !== undefined) throw new RuleError(fieldAt(field), reason);
  }
  const rule = { ...value, kind } as unknown as FaultRule;
  checkTogether(rule, fieldAt);
  if (rule.operation !== undefined && !rule.operation.includes('*') && !operations.has(rule.operation.toLowerCase())) {
    throw new RuleError(fieldAt('operation'), `'${rule.operation}' is no operation`);
  }
  return rule;
}

function checkTogether(rule: FaultRule, fieldAt: (field: string) => string): void {
  for (const [one, other] of EXCLUSIVE) {
    if (rule[one] !== undefined && rule[other] !== undefined)
      throw new RuleError(fieldAt(other), `does not go with ${one}`);
  }
  if (rule.kind === 'taskFailure' && rule.code !== undefined && rule.exitCode !== undefined)
    throw new RuleError(fieldAt('exitCode'), 'does not go with code');
  const isOneBlow = (rule.kind === 'preempt' || rule.kind === 'nodeLoss') && rule.perHour === undefined;
  if (isOneBlow && rule.forSeconds !== undefined)
    throw new RuleError(fieldAt('forSeconds'), 'needs perHour: without it all is struck at once');
}
