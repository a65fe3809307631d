/** The little of the REST API that the demo needs; what any customer would write. */
import type { Bar } from './bars';

export interface JobView {
  job: string;
  state: string;
  phase: string;
  items?: number;
  counts: { total: number; pending: number; active: number; running: number; succeeded: number; failed: number };
  progress?: { done: number; total: number; unit: string };
  nodes?: { target: number; current: number; usable: number };
  nodeSeconds?: number;
  waiting?: { message: string };
  error?: { code: string; message: string };
  failures: { code: string; count: number; examples: { task: number; stderrTail?: string }[] }[];
  timings: { phase: string; startTime: string; endTime?: string }[];
}

export interface ResultsView {
  artefacts: { name: string; bytes: number; url: string }[];
}

export async function request<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

export function isOver({ state }: JobView): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}

/** One bar for each phase the job has entered. */
export function barsOf(job: JobView): Bar[] {
  return job.timings.map(({ phase, startTime, endTime }, i) => {
    const last = i === job.timings.length - 1;
    const finished = endTime !== undefined;
    const seconds = ((Date.parse(endTime ?? new Date().toISOString()) - Date.parse(startTime)) / 1000).toFixed(1);
    const progress = last && !finished ? job.progress : undefined;
    return {
      label: phase.split(' ')[0] ?? phase,
      done: progress?.done ?? 0,
      total: progress?.total ?? 0,
      note: `${seconds.padStart(5)} s  ${noteOf(job, phase, last && !finished)}`,
      finished,
    };
  });
}

function noteOf(job: JobView, phase: string, current: boolean): string {
  const { counts, progress, nodes } = job;
  if (phase === 'planning')
    return counts.total > 0
      ? `${job.items} items in ${counts.total} tasks`
      : progress
        ? `${progress.done} ${progress.unit}`
        : '';
  if (phase === 'provisioning') return nodes ? `${nodes.usable} of ${nodes.target} nodes` : '';
  if (phase === 'running' || phase.startsWith('attempt')) {
    const live = current ? `, ${counts.running} running` : '';
    const waiting = current && job.waiting ? ` · ${job.waiting.message}` : '';
    return `${counts.succeeded} of ${counts.total} tasks succeeded${counts.failed > 0 ? `, ${counts.failed} failed` : ''}${live}${waiting}`;
  }
  return current && progress ? `${progress.done} of ${progress.total} ${progress.unit}` : '';
}
