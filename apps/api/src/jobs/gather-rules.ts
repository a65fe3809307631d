import picomatch from 'picomatch';
import { completeTask, type GatherSpec, type JobSpec, type OutputSpec } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** A gather of what no task uploads would fail the job after all its tasks have run. */
export function gatherErrors({ task, gather }: Pick<JobSpec, 'task' | 'gather'>): FieldError[] {
  if (gather?.kind !== 'concat') return [];
  const kept = completeTask(task).outputs.filter(({ when }) => when !== 'failure');
  if (kept.some(({ pattern }) => mayMatch(pattern, gather.file))) return [];
  return [{ path: '$.gather.file', code: 'NotAnOutput', message: notAnOutput(gather, kept) }];
}

function notAnOutput({ file }: Extract<GatherSpec, { kind: 'concat' }>, outputs: OutputSpec[]): string {
  const patterns = outputs.map(({ pattern }) => `'${pattern}'`).join(', ') || 'none';
  return `matches none of the patterns of task.outputs (${patterns}), so that no task would leave '${file}'. Add it to task.outputs`;
}

/** Patterns of Batch's output files: `*` and `?` within a directory, `**` over several. Others are taken to match. */
export function mayMatch(pattern: string, file: string): boolean {
  if (/[[\]{}!]/.test(pattern)) return true;
  return picomatch.isMatch(normal(file), normal(pattern), { dot: true, nobrace: true, noext: true });
}

const normal = (path: string): string => path.replace(/^(\.\/)+/, '');
