/** Jobs of a workspace that run, and those that wait to. Pure: no Temporal, no clock of its own. */
import type { AdmitAnswer, AdmitRequest, QuotasInForce } from '@windrow/contract';
import type { NodeHold } from './admission-nodes';

export interface Entry {
  id: string;
  holder: string;
  job: string;
  priority: number;
  /** Order of arrival. */
  number: number;
  since: number;
  /** Place in the queue that its job was last told. */
  told: number;
}

/** Plain JSON: carried from run to run. */
export interface AdmissionData {
  quotas: QuotasInForce;
  running: Entry[];
  queue: Entry[];
  nodes: NodeHold[];
  next: number;
}

export function newAdmission(): AdmissionData {
  return { quotas: { asOf: '' }, running: [], queue: [], nodes: [], next: 1 };
}

/** Of two quotas the later ones hold: a job may bring older ones than its workspace has by now. */
export function limit(data: AdmissionData, quotas: QuotasInForce): void {
  if (quotas.asOf >= data.quotas.asOf) data.quotas = quotas;
}

/** Takes a request into the queue, unless it is known: asking again is one claim, at the newer priority. */
export function enqueue(data: AdmissionData, { id, holder, job, priority }: AdmitRequest, now: number): void {
  if (data.running.some((entry) => entry.id === id)) return;
  const known = data.queue.find((entry) => entry.id === id);
  if (known) known.priority = priority;
  else data.queue.push({ id, holder, job, priority, number: data.next++, since: now, told: 0 });
}

/** Nothing more may be submitted: all places are taken, those in the queue as well. */
export function isFull(data: AdmissionData, id: string): boolean {
  const { concurrentJobs = Infinity, queuedJobs = Infinity } = data.quotas;
  if ([...data.running, ...data.queue].some((entry) => entry.id === id)) return false;
  return data.running.length + data.queue.length >= concurrentJobs + queuedJobs;
}

/** Lets in as many as may run, by priority and then in order of arrival. Returns those. */
export function grant(data: AdmissionData): Entry[] {
  const { concurrentJobs = Infinity } = data.quotas;
  const free = Math.max(0, Math.min(data.queue.length, concurrentJobs - data.running.length));
  const granted = inOrder(data.queue).slice(0, free);
  data.running.push(...granted);
  data.queue = data.queue.filter((entry) => !granted.includes(entry));
  return granted;
}

/** Whether it was there. Leaving twice is harmless. */
export function leave(data: AdmissionData, id: string): boolean {
  const before = data.running.length + data.queue.length;
  data.running = data.running.filter((entry) => entry.id !== id);
  data.queue = data.queue.filter((entry) => entry.id !== id);
  return data.running.length + data.queue.length < before;
}

export function answerFor(data: AdmissionData, id: string, workspace: string): AdmitAnswer {
  const position = inOrder(data.queue).findIndex((entry) => entry.id === id) + 1;
  if (position === 0) return { state: 'admitted' };
  const entry = data.queue.find((one) => one.id === id)!;
  entry.told = position;
  const { concurrentJobs } = data.quotas;
  const message = `Number ${position} in the queue of workspace ${workspace}: ${data.running.length} of ${concurrentJobs} jobs run.`;
  return { state: 'queued', waiting: { code: 'WorkspaceQuota', message, since: new Date(entry.since).toISOString() } };
}

/** Those whose place has changed by enough to tell them: each telling costs its job an event of its history. */
export function movedUp(data: AdmissionData): Entry[] {
  return inOrder(data.queue).filter(({ told }, n) => {
    const position = n + 1;
    return told !== 0 && position !== told && (position <= 3 || position <= told * 0.75);
  });
}

function inOrder(queue: Entry[]): Entry[] {
  return [...queue].sort((a, b) => b.priority - a.priority || a.number - b.number);
}
