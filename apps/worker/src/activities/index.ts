import type { ActivityDeps } from './deps';
import { createGatherActivities } from './gather';
import { createLeaseActivities } from './lease';
import { createPlanActivities } from './plan';
import { createPoolActivities } from './pool';
import { createReleaseActivities } from './release';
import { createRemainingActivities } from './remaining';
import { createRetryActivities } from './retries';
import { createRowActivities } from './rows';
import { createSubmitActivities } from './submit';
import { createSteerActivities } from './steer';
import { createSweepActivities } from './sweep';
import { createWatchActivities } from './watch';

export type { ActivityDeps, WatchTiming } from './deps';

export function createActivities(deps: ActivityDeps) {
  return {
    ...createPlanActivities(deps),
    ...createLeaseActivities(deps),
    ...createPoolActivities(deps),
    ...createSubmitActivities(deps),
    ...createSteerActivities(deps),
    ...createWatchActivities(deps),
    ...createRetryActivities(deps),
    ...createGatherActivities(deps),
    ...createReleaseActivities(deps),
    ...createRemainingActivities(deps),
    ...createRowActivities(deps),
    ...createSweepActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
