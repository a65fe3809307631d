import { type ClusterKey, isEphemeralCluster, type JobKey } from './names';

/**
 * Where a workflow, an update or a signal comes from. It travels as a header of Temporal, which no codec encrypts: it
 * holds ids and nothing else.
 */
export interface Origin {
  /** W3C Trace Context of the span that is the parent. `tracestate` is left behind: anybody may write anything there. */
  traceparent?: string;
  /** Of the REST call. */
  requestId?: string;
  /** Of the job that an activity works for. */
  uid?: string;
}

export const ORIGIN_HEADER = 'windrow-origin';

/** Ids of a trace and of one span in it: hexadecimal, 32 and 16 digits. */
export interface TraceParent {
  traceId: string;
  spanId: string;
  sampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Undefined for what is not of version 00 (W3C Trace Context, "traceparent header field values"). */
export function parseTraceparent(text: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentOf({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Ids of a workflow's span, of its run: whoever knows the run knows its span, before that is told and wherever it is.
 * @param runId a UUID
 */
export function runSpan(runId: string): Omit<TraceParent, 'sampled'> {
  const digits = runId.replaceAll('-', '').toLowerCase();
  return { traceId: digits, spanId: digits.slice(16) };
}

/** The run's span, in the trace of where it comes from. */
export function inTraceOf(traceparent: string | undefined, runId: string): string | undefined {
  const parent = parseTraceparent(traceparent);
  return parent && traceparentOf({ ...parent, spanId: runSpan(runId).spanId });
}

/** What a workflow is about, by its id: for logs. */
export type WorkflowSubject = Partial<JobKey & ClusterKey>;

const JOB = /^(?:job:|delete:job\/)([^/]+)\/([^/]+)\/([^/]+)$/;
const CLUSTER = /^cluster:([^/]+)\/([^/]+)$/;
const IN_WORKSPACE = /^(?:plan:|event:|webhook:|admission:|run:|delete:[a-z]+\/)([^/]+)(?:\/|$)/;

export function subjectOfWorkflow(workflowId: string): WorkflowSubject {
  const [, workspace, experiment, job] = JOB.exec(workflowId) ?? [];
  if (workspace && experiment && job) return { workspace, experiment, job };
  const [, home, cluster] = CLUSTER.exec(workflowId) ?? [];
  if (home && cluster) return { workspace: home, cluster };
  const [, place] = IN_WORKSPACE.exec(workflowId) ?? [];
  return place ? { workspace: place } : {};
}

/** A cluster that jobs share, and admission, go on for ever: their trace would as well, so they have none. */
export function isEndless(workflowId: string): boolean {
  if (workflowId.startsWith('admission:')) return true;
  const { cluster } = subjectOfWorkflow(workflowId);
  return cluster !== undefined && !isEphemeralCluster(cluster);
}
