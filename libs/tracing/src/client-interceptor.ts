import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import type { Origin } from '@windrow/contract';
import { withOrigin } from './origin-header';
import { currentTraceparent, inSpan } from './span';

/**
 * Tells workflows where they come from, and of each call to Temporal that changes something. Readings are no part of
 * a trace: pollers make them.
 */
export function originInterceptor(requestId: () => string | undefined): WorkflowClientInterceptor {
  const marked = (headers: Headers) => {
    const [traceparent, request] = [currentTraceparent(), requestId()];
    const origin: Origin = { ...(traceparent && { traceparent }), ...(request && { requestId: request }) };
    return withOrigin(headers, origin);
  };
  const of = (workflowId: string | undefined) => ({ temporalWorkflowId: workflowId });
  return {
    startWithDetails: (input, next) =>
      inSpan(`StartWorkflow:${input.workflowType}`, of(input.options.workflowId), () =>
        next({ ...input, headers: marked(input.headers) }),
      ),
    signal: (input, next) =>
      inSpan(`SignalWorkflow:${input.signalName}`, of(input.workflowExecution.workflowId), () =>
        next({ ...input, headers: marked(input.headers) }),
      ),
    startUpdate: (input, next) =>
      inSpan(`UpdateWorkflow:${input.updateName}`, of(input.workflowExecution.workflowId), () =>
        next({ ...input, headers: marked(input.headers) }),
      ),
    startUpdateWithStart: (input, next) =>
      inSpan(`UpdateWithStartWorkflow:${input.updateName}`, of(input.workflowStartOptions.workflowId), () =>
        next({
          ...input,
          workflowStartHeaders: marked(input.workflowStartHeaders),
          updateHeaders: marked(input.updateHeaders),
        }),
      ),
    cancel: (input, next) => inSpan('CancelWorkflow', of(input.workflowExecution.workflowId), () => next(input)),
  };
}
