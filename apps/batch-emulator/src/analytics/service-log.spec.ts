import { Job } from '../model/jobs/job';
import { Pool } from '../model/pools/pool';
import { Task } from '../model/tasks/task';
import { SystemClock } from '../util/clock';
import { ServiceLog } from './service-log';

describe('ServiceLog', () => {
  const log = new ServiceLog(new SystemClock(), '/account', undefined);
  const last = (): unknown => log.since(log.last - 1)[0]?.value;

  it('an evaluation of autoscale', () => {
    const pool = new Pool({ id: 'p', vmSize: 's' }, 1);
    const results = '$TargetDedicatedNodes=1';
    log.autoscaled(pool, { timestamp: Date.parse('2025-01-01T00:00:00Z') * 1000, results });
    expect(last()).toMatchObject({
      operationName: 'PoolAutoscaleEvent',
      properties: { id: 'p', timestamp: '2025-01-01T00:00:00Z', results },
    });
    expect(log.counters.text()).toContain('PoolAutoscaleEvent{poolId="p"} 1');
  });

  it('a task that could not be scheduled, here a job manager without a node', () => {
    const job = new Job({ id: 'j', poolInfo: { poolId: 'p' }, jobManagerTask: { id: 'jm', commandLine: 'x' } }, 1, 1);
    const constraints = { maxWallClockTime: 'P1D', retentionTime: 'P7D', maxTaskRetryCount: 2 };
    const task = new Task(job, 'jm', job.bodies.put({ commandLine: 'x' }), constraints, 0, 1);
    const error = { category: 'usererror', code: 'JobPreparationTaskFailed', message: 'It failed.' } as const;
    log.taskScheduleFailed(task, { ...error, details: [] });
    expect(last()).toMatchObject({
      operationName: 'TaskScheduleFailEvent',
      properties: {
        ...{ jobId: 'j', id: 'jm', taskType: 'JobManager', nodeInfo: { poolId: '', nodeId: '' } },
        ...{ constraints: { maxTaskRetryCount: 2 }, schedulingError: error },
      },
    });
  });
});
