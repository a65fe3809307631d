import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { isEndless, type Origin, type TraceParent, subjectOfWorkflow } from '@windrow/contract';
import { begin, originOf, parentInRun } from '@windrow/tracing';
import { subjectFacts } from './facts';

const origins = new AsyncLocalStorage<Origin>();

/** Of the REST call that what is under way goes back to. */
export function currentRequestId(): string | undefined {
  return origins.getStore()?.requestId;
}

/**
 * A span for every attempt of an activity, in the trace of its workflow, and what it is about in each of its log lines.
 * To stand outside of what turns errors into failures.
 */
export function activityOrigin({ info }: Context): ActivityInterceptors {
  const { workflowExecution, activityType, activityId, attempt } = info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const subject = subjectOfWorkflow(workflowId);
  let logged: Record<string, unknown> = subject;
  return {
    inbound: {
      execute: async (input, next) => {
        const { traceparent, ...origin } = originOf(input.headers);
        const span = begin(`RunActivity:${activityType}`, {
          kind: 'consumer',
          parent: parentOf(workflowId, runId, traceparent),
          facts: {
            temporalWorkflowId: workflowId,
            run_id: runId,
            temporalActivityId: activityId,
            'windrow.attempt': attempt,
            ...subjectFacts({ ...subject, ...origin }),
          },
        });
        logged = { ...subject, ...origin, ...(span.traceId !== undefined && { traceId: span.traceId }) };
        try {
          const result = await origins.run(origin, () => span.within(() => next(input)));
          span.end();
          return result;
        } catch (error) {
          if (error instanceof CancelledFailure) span.set({ 'windrow.outcome': 'cancelled' });
          span.end(problemOf(error));
          throw error;
        }
      },
    },
    outbound: { getLogAttributes: (input, next) => next({ ...input, ...logged }) },
  };
}

/** What an endless workflow asks for is a trace of its own, that ends with the activity. */
function parentOf(workflowId: string, runId: string, traceparent: string | undefined): TraceParent | undefined {
  return runId === '' || isEndless(workflowId) ? undefined : parentInRun(traceparent, runId);
}

/** Its type. What will pass by itself is no problem, and an end that was asked for is none. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof CancelledFailure) return undefined;
  if (!(error instanceof ApplicationFailure)) return 'failed';
  return error.category === ApplicationFailureCategory.BENIGN ? undefined : (error.type ?? 'failed');
}
