import type { InjectedSinks } from '@temporalio/worker';
import { subjectOfWorkflow } from '@windrow/contract';
import { recordRun } from '@windrow/tracing';
import type { TraceSinks } from '../workflows/origin-interceptor';
import { subjectFacts } from './facts';

/** Where workflows tell that they have ended; to be given to every worker, traces or not. */
export const runSink: InjectedSinks<TraceSinks> = {
  trace: {
    ended: {
      // Once, by the worker at which it ended.
      callDuringReplay: false,
      fn: ({ workflowId, runId, workflowType }, { traceparent, startTime, endTime, outcome, failureType, ...origin }) =>
        recordRun({
          name: `RunWorkflow:${workflowType}`,
          ...{ runId, traceparent, startTime, endTime },
          facts: {
            temporalWorkflowId: workflowId,
            run_id: runId,
            ...subjectFacts({ ...subjectOfWorkflow(workflowId), ...origin }),
            'windrow.outcome': outcome,
          },
          ...(outcome === 'failed' && { problem: failureType ?? 'failed' }),
        }),
    },
  },
};
