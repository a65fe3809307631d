import { CancelledFailure, ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Readiness, serveOperations } from './operations-server';
import { WorkerMetrics } from './worker-metrics';

describe('what a worker tells of itself', () => {
  const metrics = new WorkerMetrics();
  const readiness = new Readiness();
  let server: Awaited<ReturnType<typeof serveOperations>>;
  beforeAll(async () => {
    server = await serveOperations({ host: '127.0.0.1', port: 0 }, metrics, readiness);
  });
  afterAll(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

  it('is that it lives, what it waits for, and then that it is ready', async () => {
    expect((await get('/health/live')).status).toBe(200);
    readiness.waitsFor('Temporal');
    const waiting = await get('/health/ready');
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({ status: 'waiting', missing: ['Temporal', 'its start'] });
    readiness.ready();
    expect((await get('/health/ready')).status).toBe(200);
    expect((await get('/elsewhere')).status).toBe(404);
  });

  it('is how long its activities took, what became of them, and its requests to Batch', async () => {
    const run = (work: () => Promise<unknown>) =>
      new MockActivityEnvironment({ activityType: 'watchWave' }).run(() =>
        metrics.interceptor().execute!({ args: [], headers: {} }, work),
      );
    await run(async () => 'done');
    await expect(run(() => Promise.reject(ApplicationFailure.nonRetryable('no', 'NotFound')))).rejects.toThrow('no');
    await expect(run(() => Promise.reject(new CancelledFailure('no')))).rejects.toThrow('no');
    metrics.batchRequest({ operation: 'jobs.get', method: 'GET', status: 429, ms: 20, attempt: 1 });
    metrics.auditLineLost();
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const outcome of ['completed', 'NotFound', 'cancelled']) {
      expect(text).toContain(`windrow_activity_duration_seconds_count{activity="watchWave",outcome="${outcome}"} 1`);
    }
    expect(text).toContain('windrow_activities_running{activity="watchWave"} 0');
    expect(text).toContain('windrow_batch_request_duration_seconds_count{operation="jobs.get",status="429"} 1');
    expect(text).toContain('windrow_audit_lines_lost_total 1');
  });
});
