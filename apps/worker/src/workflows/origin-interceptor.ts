/**
 * Carries on where a workflow comes from, and tells of its end. It is part of the bundle whether traces are on or off,
 * and lets every call and every result through as it is, without a turn of the event loop of its own, so that nothing
 * comes in another order than without it. The interceptors of `@temporalio/interceptors-opentelemetry` await each
 * result, which may change the order of two that come together, and with it the commands of a workflow that runs.
 */
import {
  ContinueAsNew,
  isCancellation,
  proxySinks,
  type Sink,
  type Sinks,
  type WorkflowExecuteInput,
  workflowInfo,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { ApplicationFailure, defaultPayloadConverter, type Headers, TemporalFailure } from '@temporalio/common';
import {
  inTraceOf,
  isEndless,
  ORIGIN_HEADER,
  type Origin,
  parseTraceparent,
  subjectOfWorkflow,
} from '@windrow/contract';

/** What a run says of itself when it has ended. */
export interface RunEnd {
  traceparent?: string;
  requestId?: string;
  uid?: string;
  /** Milliseconds since 1970. */
  startTime: number;
  endTime: number;
  outcome: 'completed' | 'failed' | 'cancelled' | 'continuedAsNew';
  /** Of a failure. */
  failureType?: string;
}

export interface TraceSinks extends Sinks {
  trace: { ended: (end: RunEnd) => void } & Sink;
}

const { trace } = proxySinks<TraceSinks>();

export function interceptors(): WorkflowInterceptors {
  const { workflowId, runId, runStartTime } = workflowInfo();
  const subject = subjectOfWorkflow(workflowId);
  let came: Origin = {};
  /** For what goes out: the parent is this run. */
  const going = (headers: Headers, origin: Origin = came) => {
    const traceparent = inTraceOf(origin.traceparent, runId);
    return marked(headers, { ...origin, ...(traceparent !== undefined && { traceparent }) });
  };

  const ended = (outcome: RunEnd['outcome'], failureType?: string) => {
    if (isEndless(workflowId)) return;
    const times = { startTime: runStartTime.getTime(), endTime: Date.now() };
    trace.ended({ ...came, ...times, outcome, ...(failureType !== undefined && { failureType }) });
  };

  return {
    inbound: [
      {
        execute(input, next) {
          came = originOf(input, isEndless(workflowId));
          const result = next(input);
          // Beside the result, not in its way.
          result.then(
            () => ended('completed'),
            (error: unknown) => {
              const outcome = outcomeOf(error);
              if (outcome) ended(outcome, error instanceof ApplicationFailure ? (error.type ?? undefined) : undefined);
            },
          );
          return result;
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: going(input.headers) }),
        scheduleLocalActivity: (input, next) => next({ ...input, headers: going(input.headers) }),
        startChildWorkflowExecution: (input, next) => next({ ...input, headers: going(input.headers) }),
        // The next run stands beside this one, not beneath it.
        continueAsNew: (input, next) => next({ ...input, headers: marked(input.headers, came) }),
        getLogAttributes: (input, next) => {
          const { requestId, uid } = came;
          const traceId = parseTraceparent(came.traceparent)?.traceId;
          return next({
            ...input,
            ...subject,
            ...(uid !== undefined && { uid }),
            ...(requestId !== undefined && { requestId }),
            ...(traceId !== undefined && { traceId }),
          });
        },
      },
    ],
  };
}

/** What is shared has many who ask for it: it comes from none of them. */
function originOf({ headers, args }: WorkflowExecuteInput, endless: boolean): Origin {
  if (endless) return {};
  const payload = headers[ORIGIN_HEADER];
  const origin = payload ? defaultPayloadConverter.fromPayload<Origin>(payload) : {};
  const { uid } = (args[0] ?? {}) as { uid?: unknown };
  return { ...origin, ...(typeof uid === 'string' && { uid }) };
}

function marked(headers: Headers, origin: Origin): Headers {
  if (Object.keys(origin).length === 0) return headers;
  return { ...headers, [ORIGIN_HEADER]: defaultPayloadConverter.toPayload(origin) };
}

/** Undefined: an error of the code, after which Temporal tries the same step again. */
function outcomeOf(error: unknown): RunEnd['outcome'] | undefined {
  if (error instanceof ContinueAsNew) return 'continuedAsNew';
  if (isCancellation(error)) return 'cancelled';
  return error instanceof TemporalFailure ? 'failed' : undefined;
}
