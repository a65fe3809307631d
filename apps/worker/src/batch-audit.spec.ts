import { MockActivityEnvironment } from '@temporalio/testing';
import type { AuditRecord } from '@windrow/contract';
import type { AuditLog } from '@windrow/storage';
import { auditBatch } from './batch-audit';

const REPORT = { operation: 'tasks.addCollection', method: 'POST', path: '/jobs/j/addtaskcollection', attempts: 1 };

function fakeLog(append: (record: AuditRecord) => Promise<void>): AuditLog {
  return { append } as AuditLog;
}

it('writes a line a call, with the workflow that its activity works for', async () => {
  const lines: AuditRecord[] = [];
  const onChange = auditBatch(
    fakeLog(async (record) => void lines.push(record)),
    () => undefined,
  );
  const workflowExecution = { workflowId: 'job:aero/blades/j1', runId: 'r' };
  const activity = new MockActivityEnvironment({ workflowExecution });
  await activity.run(async () => onChange({ ...REPORT, tasks: 100, status: 200, attempts: 3 }));
  onChange({ ...REPORT, code: 'JobNotFound', status: 404 });
  expect(lines).toMatchObject([
    {
      source: 'batch',
      principal: 'windrow:worker',
      operation: 'tasks.addCollection',
      resource: '/jobs/j/addtaskcollection',
      workspace: 'aero',
      workflowId: 'job:aero/blades/j1',
      tasks: 100,
      status: 200,
      attempts: 3,
    },
    { status: 404, code: 'JobNotFound' },
  ]);
  expect(lines[1]).not.toHaveProperty('workspace');
  expect(lines[1]).not.toHaveProperty('attempts');
});

it('counts and tells lines that are lost, and fails nobody because of them', async () => {
  const lost: number[] = [];
  const two = new Promise<void>((resolve) => {
    const onChange = auditBatch(
      fakeLog(() => Promise.reject(new Error('down'))),
      (_, count) => lost.push(count) === 2 && resolve(),
    );
    onChange(REPORT);
    onChange(REPORT);
  });
  await two;
  expect(lost).toEqual([1, 2]);
});
