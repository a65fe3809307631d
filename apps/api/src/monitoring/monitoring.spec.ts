import { createHash } from 'node:crypto';
import { JOBS, SPEC, startApi } from '../testing/start-api';
import { ApiMetrics } from './api-metrics';

describe('metrics', () => {
  it('tell how long requests took, by route and status, and name nobody', async () => {
    const sut = await startApi();
    await sut.http.put(`${JOBS}/secret-name`).send(SPEC).expect(201);
    await sut.http.get(`${JOBS}/secret-name`).expect(200);
    await sut.http.get('/v1/nothing/secret-name').expect(404);
    const { text, type } = await sut.http.get('/metrics').expect(200);
    const route = '/v1/workspaces/{workspace}/experiments/{experiment}/jobs/{job}';
    expect(type).toBe('text/plain');
    const count = (method: string, path: string, status: number) =>
      `windrow_http_request_duration_seconds_count{method="${method}",route="${path}",status="${status}"} 1`;
    expect(text).toContain(count('PUT', route, 201));
    expect(text).toContain(count('GET', route, 200));
    expect(text).toContain(count('GET', 'none', 404));
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('secret-name');
    await sut.close();
  });

  it('are for administrators', async () => {
    const key = 'wdr_admin_0123456789abcdef0123456789abcdef';
    const adminKeySha256 = createHash('sha256').update(key).digest('hex');
    const sut = await startApi({ access: { adminKeySha256, issuers: [] } });
    await sut.http.get('/metrics').expect(401);
    await sut.http.get('/metrics').set('Authorization', `Bearer ${key}`).expect(200);
    await sut.close();
  });

  it('count requests to Batch by what became of them, and lines that were lost', async () => {
    const sut = new ApiMetrics();
    const report = { operation: 'jobs.get', method: 'GET', ms: 1, attempt: 1 };
    for (const status of [200, 200, 503]) sut.batchRequest({ ...report, status });
    sut.batchRequest(report);
    sut.auditLineLost();
    const { text } = await sut.text();
    expect(text).toContain('windrow_batch_requests_total{operation="jobs.get",status="200"} 2');
    expect(text).toContain('windrow_batch_requests_total{operation="jobs.get",status="503"} 1');
    expect(text).toContain('windrow_batch_requests_total{operation="jobs.get",status="none"} 1');
    expect(text).toContain('windrow_audit_lines_lost_total 1');
  });
});
