import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure, type Headers } from '@temporalio/common';
import { Context, log } from '@temporalio/activity';
import { withOrigin } from '@windrow/tracing';
import { activityOrigin, currentRequestId } from './index';

describe('an activity', () => {
  const environment = () =>
    new MockActivityEnvironment({
      activityType: 'planJob',
      workflowExecution: { workflowId: 'job:aero/blades/j1', runId: '0198c5a1-7c3e-7d50-9b1f-27aa00bb11cc' },
    });
  const run = (headers: Headers, work: () => Promise<unknown>) =>
    environment().run<[], { result: unknown; logged: object }, () => Promise<{ result: unknown; logged: object }>>(
      async () => {
        const { inbound, outbound } = activityOrigin(Context.current());
        const result = inbound!.execute!({ args: [], headers }, work);
        return { result: await result, logged: outbound!.getLogAttributes!({ attempt: 2 }, (given) => given) };
      },
    );

  it('knows the REST call it goes back to, and says in its lines what it is about', async () => {
    const headers = withOrigin({}, { requestId: 'r-1', uid: 'u1' });
    const { result, logged } = await run(headers, async () => {
      log.info('read');
      return currentRequestId();
    });
    expect(result).toBe('r-1');
    expect(currentRequestId()).toBeUndefined();
    const about = { workspace: 'aero', experiment: 'blades', job: 'j1' };
    expect(logged).toEqual({ ...about, attempt: 2, requestId: 'r-1', uid: 'u1' });
  });

  it('needs no origin, and fails as it would without', async () => {
    expect((await run({}, async () => currentRequestId())).result).toBeUndefined();
    const failure = ApplicationFailure.nonRetryable('no', 'InvalidJob');
    await expect(run({}, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
