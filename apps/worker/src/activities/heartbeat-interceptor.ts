import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { beating } from './poll';

/** Heartbeats for activities that do not do so themselves, so that the death of a worker is noticed within seconds. */
export class HeartbeatInterceptor implements ActivityInboundCallsInterceptor {
  execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    return beating(() => next(input));
  }
}
