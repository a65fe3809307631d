import { createAdmissionActivities } from './admission';
import { createApplicationDeletionActivities } from './application-deletion';
import { createArrivalActivities } from './arrivals';
import { createDeletionActivities } from './deletion';
import type { ActivityDeps } from './deps';
import { createGatherActivities } from './gather';
import { createGiveBackActivities } from './give-back';
import { createLeaseActivities } from './lease';
import { createLeftoverActivities } from './leftovers';
import { createPlanActivities } from './plan';
import { createPoolActivities } from './pool';
import { createPoolSizeActivities } from './pool-size';
import { createPoolWatchActivities } from './pool-watch';
import { createRedriveActivities } from './redrive';
import { createReleaseActivities } from './release';
import { createRemainingActivities } from './remaining';
import { createRetryActivities } from './retries';
import { createRowActivities } from './rows';
import { createScheduledJobActivities } from './scheduled-jobs';
import { createScheduleDeletionActivities } from './schedule-deletion';
import { createSubmitActivities } from './submit';
import { createSteerActivities } from './steer';
import { createSweepActivities } from './sweep';
import { createWatchActivities } from './watch';
import { createWebhookActivities } from './webhooks';

export type { ActivityDeps, PoolTiming, WatchTiming } from './deps';

export function createActivities(deps: ActivityDeps) {
  return {
    ...createPlanActivities(deps),
    ...createLeaseActivities(deps),
    ...createPoolActivities(deps),
    ...createPoolSizeActivities(deps),
    ...createPoolWatchActivities(deps),
    ...createGiveBackActivities(deps),
    ...createSubmitActivities(deps),
    ...createSteerActivities(deps),
    ...createWatchActivities(deps),
    ...createRetryActivities(deps),
    ...createGatherActivities(deps),
    ...createReleaseActivities(deps),
    ...createLeftoverActivities(deps),
    ...createRedriveActivities(deps),
    ...createRemainingActivities(deps),
    ...createRowActivities(deps),
    ...createDeletionActivities(deps),
    ...createAdmissionActivities(deps),
    ...createSweepActivities(deps),
    ...createWebhookActivities(deps),
    ...createScheduledJobActivities(deps),
    ...createArrivalActivities(deps),
    ...createScheduleDeletionActivities(deps),
    ...createApplicationDeletionActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
