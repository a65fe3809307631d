import { randomUUID } from 'node:crypto';
import { BatchError, invalidProperty } from '../../errors';
import type { AutoPoolSpec, SchedulingError } from '../../wire/types';
import type { Job } from '../jobs/job';
import type { JobSchedule } from '../jobs/job-schedule';
import type { JobService } from '../jobs/job-service';
import type { PoolService } from './pool-service';
import { checkPoolDescription } from './pool-checks';
import { poolOf, type World } from '../world';

const MAX_PREFIX = 20;

/** Pools that are made for a job or a job schedule, and go with it ("BatchAutoPoolSpecification"). */
export class AutoPools {
  constructor(
    private readonly world: World,
    private readonly pools: PoolService,
    private readonly jobs: JobService,
  ) {}

  /** Chooses the id of the pool before anything is written down, so that a crash in between leaves no orphan. */
  nameFor(job: Job): void {
    const spec = job.spec.poolInfo.autoPoolSpecification;
    if (!spec) return;
    const schedule = spec.poolLifetimeOption === 'jobschedule' ? this.scheduleOf(job) : undefined;
    job.autoPoolId = schedule?.autoPoolId ?? idFor(spec);
    if (!schedule || schedule.autoPoolId) return;
    schedule.autoPoolId = job.autoPoolId;
    this.world.journal.schedule(schedule);
  }

  /** Makes the pool if it is not there; without it the job cannot run and is completed with the reason. */
  provide(job: Job): void {
    const pool = job.spec.poolInfo.autoPoolSpecification?.pool;
    const id = job.autoPoolId;
    if (!pool || id === undefined || job.state !== 'active' || poolOf(this.world, id)) return;
    try {
      this.pools.create({ ...pool, id }, true);
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      this.jobs.failScheduling(job, schedulingError(error));
    }
  }

  /** The job is over: its pool goes, unless it is to be kept or belongs to the schedule. */
  release(job: Job): void {
    const spec = job.spec.poolInfo.autoPoolSpecification;
    if (!spec) return;
    if (spec.poolLifetimeOption === 'job' || !this.scheduleOf(job)) this.remove(spec, job.autoPoolId);
  }

  releaseSchedule(schedule: JobSchedule): void {
    const spec = schedule.spec.jobSpecification.poolInfo.autoPoolSpecification;
    if (spec) this.remove(spec, schedule.autoPoolId);
  }

  private remove(spec: AutoPoolSpec, id: string | undefined): void {
    const pool = poolOf(this.world, id);
    if (pool && pool.state !== 'deleting' && !spec.keepAlive) this.pools.delete(pool);
  }

  private scheduleOf(job: Job): JobSchedule | undefined {
    return this.world.schedules.get(job.scheduleId?.toLowerCase() ?? '');
  }
}

/** What an automatic pool may say. */
export function checkAutoPool(spec: AutoPoolSpec, ofSchedule: boolean): void {
  const { autoPoolIdPrefix: prefix, poolLifetimeOption, pool } = spec;
  if (prefix !== undefined && !/^[A-Za-z0-9_-]*$/.test(prefix)) {
    throw invalidProperty('autoPoolIdPrefix', prefix, 'The prefix may have letters, digits, hyphens and underscores.');
  }
  if (prefix !== undefined && prefix.length > MAX_PREFIX) {
    throw invalidProperty('autoPoolIdPrefix', prefix, `The prefix may have at most ${MAX_PREFIX} characters.`);
  }
  if (!pool) throw invalidProperty('pool', undefined, 'The specification of the pool is required.');
  checkPoolDescription(pool);
  if (poolLifetimeOption === 'jobschedule' && !ofSchedule) {
    throw invalidProperty('poolLifetimeOption', poolLifetimeOption, 'Only jobs of a job schedule may use jobschedule.');
  }
}

function idFor({ autoPoolIdPrefix }: AutoPoolSpec): string {
  const unique = randomUUID().toUpperCase();
  return autoPoolIdPrefix ? `${autoPoolIdPrefix}_${unique}` : unique;
}

/** "Job scheduling error codes": a quota has a code of its own. */
function schedulingError({ code, message, values }: BatchError): SchedulingError {
  return {
    category: 'usererror',
    code: code === 'PoolQuotaReached' ? 'AutoPoolCreationFailedWithQuotaReached' : 'AutoPoolFailed',
    message: 'The automatic pool could not be created.',
    details: [
      { name: 'Code', value: code },
      { name: 'Message', value: message },
      ...(values ?? []).map(({ key, value }) => ({ name: key, value })),
    ],
  };
}
