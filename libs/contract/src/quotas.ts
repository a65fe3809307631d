/** What a workspace may use at a time, and how jobs and clusters ask for their part of it. */
import type { Place } from './places';

/** Absent: unlimited. */
export interface WorkspaceQuotas {
  /** Nodes of all its clusters and pools together. */
  nodes?: number;
  /** Jobs between the end of their planning and their end. */
  concurrentJobs?: number;
  /** Jobs that wait for one of those to end. */
  queuedJobs?: number;
  /** Links of nodes to storage: its file servers. */
  storageLinks?: number;
}

export const QUOTAS = [
  'nodes',
  'concurrentJobs',
  'queuedJobs',
  'storageLinks',
] as const satisfies (keyof WorkspaceQuotas)[];

/** The quotas of a workspace as they were at a time: of two, the later ones hold. */
export interface QuotasInForce extends WorkspaceQuotas {
  asOf: string;
}

export function admissionWorkflowId(workspace: string): string {
  return `admission:${workspace}`;
}

export const AdmissionUpdate = { admit: 'admit', leave: 'leave', limit: 'limit', holdNodes: 'holdNodes' } as const;

export interface AdmissionInput {
  workspace: string;
}

export interface AdmitRequest {
  /** The job's uid: asking twice is one claim. */
  id: string;
  /** Workflow that is told when it may go on. */
  holder: string;
  job: string;
  priority: number;
  quotas: QuotasInForce;
  /** For a job that is only just submitted: refused when the queue is full. */
  submission?: boolean;
}

export interface AdmitAnswer {
  state: 'admitted' | 'queued';
  /** Place in the queue, why there is one, and since when; of `queued`. */
  waiting?: { code: string; message: string; since: string };
}

export interface NodesRequest {
  /** Workflow of the cluster. */
  holder: string;
  poolId: string;
  /** What its pool has or will have. */
  nodes: number;
  quotas?: QuotasInForce;
}

export interface NodesAnswer {
  granted: number;
  /** Why it is not all. */
  message?: string;
}

/** Failure type of a submission that finds the queue full. */
export const QUEUE_FULL = 'QueueFull';

/** What holds for a workspace: its own quotas, and the deployment's for what those leave out. */
export function quotasOf({ quotas, updatedTime }: Place, defaults: WorkspaceQuotas = {}): QuotasInForce {
  return { ...defaults, ...quotas, asOf: updatedTime };
}

export function limitsJobs({ concurrentJobs }: WorkspaceQuotas): boolean {
  return concurrentJobs !== undefined;
}

/**
 * Reads quotas such as `{"nodes":100,"concurrentJobs":20}`.
 * @throws RangeError naming what is wrong
 */
export function parseQuotas(text: string): WorkspaceQuotas {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new RangeError('it is no JSON object such as {"nodes":100,"concurrentJobs":20,"queuedJobs":50}');
  }
  for (const [name, value] of Object.entries(parsed)) {
    if (!QUOTAS.includes(name as (typeof QUOTAS)[number])) {
      throw new RangeError(`'${name}' is none of ${QUOTAS.join(', ')}`);
    }
    if (!Number.isInteger(value) || Number(value) < 0) throw new RangeError(`${name} must be a whole number`);
  }
  return parsed;
}
