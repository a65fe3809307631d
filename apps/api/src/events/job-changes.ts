import { createHash } from 'node:crypto';
import { isTerminal, type FailureGroup, type JobRow } from '@windrow/contract';
import { canonicalJson } from '@windrow/storage';

/** What a stream tells of a job. `end` has the whole job, and is the last. */
export type JobEvent =
  | { type: 'state'; data: JobStateData }
  | { type: 'counts'; data: JobRow['counts'] }
  | { type: 'message'; data: JobMessage }
  | { type: 'end'; data: JobRow };

/** All but the counts that changes while a job runs. Null: there is none (any more). */
export interface JobStateData extends Pick<JobRow, 'state' | 'phase' | 'updatedTime'> {
  waiting: NonNullable<JobRow['waiting']> | null;
  error: NonNullable<JobRow['error']> | null;
  nodes: NonNullable<JobRow['nodes']> | null;
  progress: NonNullable<JobRow['progress']> | null;
}

export const MESSAGE_CODES = ['phase', 'waiting', 'failures', 'nodes', 'redrive'] as const;

/** One line for people. What it says stands in the job, too. */
export interface JobMessage {
  code: (typeof MESSAGE_CODES)[number];
  text: string;
  time: string;
}

/** What somebody who knows nothing is told: how the job stands. */
export function present(row: JobRow): JobEvent[] {
  const events: JobEvent[] = [
    { type: 'state', data: stateOf(row) },
    { type: 'counts', data: row.counts },
  ];
  return isTerminal(row.state) ? [...events, { type: 'end', data: row }] : events;
}

/** What is different since `before`, messages first. */
export function changes(before: JobRow, row: JobRow): JobEvent[] {
  const events: JobEvent[] = messages(before, row).map((data) => ({ type: 'message', data }));
  if (!same(shown(before), shown(row))) events.push({ type: 'state', data: stateOf(row) });
  if (!same(before.counts, row.counts)) events.push({ type: 'counts', data: row.counts });
  if (isTerminal(row.state)) events.push({ type: 'end', data: row });
  return events;
}

/** Another one whenever {@link present} would tell something else. */
export function digestOf(row: JobRow): string {
  const text = canonicalJson([row.uid, shown(row), row.counts]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function stateOf(row: JobRow): JobStateData {
  return { ...shown(row), updatedTime: row.updatedTime };
}

function shown(row: JobRow): Omit<JobStateData, 'updatedTime'> {
  const { state, phase, waiting = null, error = null, nodes = null, progress = null } = row;
  return { state, phase, waiting, error, nodes, progress };
}

function messages(before: JobRow, row: JobRow): JobMessage[] {
  const time = row.updatedTime;
  const found: JobMessage[] = [];
  const say = (code: JobMessage['code'], text: string) => found.push({ code, text, time });
  if ((row.redrives ?? 0) > (before.redrives ?? 0)) say('redrive', `Redrive ${row.redrives} of the job begins.`);
  if (row.phase !== before.phase) say('phase', `The job is ${row.phase}; it was ${before.phase}.`);
  if (row.waiting && row.waiting.message !== before.waiting?.message) say('waiting', row.waiting.message);
  for (const group of row.failures) {
    if (!before.failures.some((known) => cause(known) === cause(group))) say('failures', failureText(group));
  }
  if (row.nodes && !same(row.nodes, before.nodes)) {
    say('nodes', `${row.nodes.usable} of ${row.nodes.target} nodes are usable.`);
  }
  return found;
}

function cause({ category, code, exitCode }: FailureGroup): string {
  return `${category}|${code}|${exitCode ?? ''}`;
}

function failureText({ category, code, exitCode, count, examples }: FailureGroup): string {
  const how = exitCode === undefined ? `${category}, ${code}` : `${category}, exit code ${exitCode}`;
  const first = examples[0];
  const example = first ? ` Task ${first.task}${first.message ? `: ${first.message}` : ' is one.'}` : '';
  return `${count} ${count === 1 ? 'task' : 'tasks'} failed (${how}).${example}`;
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
