import type { Origin, WorkflowSubject } from '@windrow/contract';
import type { Facts } from '@windrow/tracing';

/** Attributes of spans: what it is about. */
export function subjectFacts(of: WorkflowSubject & Omit<Origin, 'traceparent'>): Facts {
  return {
    'windrow.workspace': of.workspace,
    'windrow.experiment': of.experiment,
    'windrow.job': of.job,
    'windrow.cluster': of.cluster,
    'windrow.uid': of.uid,
    'windrow.request_id': of.requestId,
  };
}
