import { noEvents, type Events } from '../model/events';
import type { World } from '../model/world';
import type { Clock } from '../util/clock';
import type { Log } from '../util/log';
import { ActivityLog } from './activity-log';
import { AnalyticsEndpoints } from './endpoints';
import { LineFile } from './line-file';
import { ServiceLog } from './service-log';

export interface AnalyticsOptions {
  /** File for events of pools and tasks. */
  events?: string;
  /** File for what was done through management. */
  activityLog?: string;
  /** Whether somebody may ask over HTTP. */
  admin?: boolean;
}

export interface Analytics {
  /** Does nothing when nobody can see it. */
  events: Events;
  activity: ActivityLog;
  endpoints(world: World): AnalyticsEndpoints;
  close(): Promise<void>;
}

/** Sets up what watches the account: logs and metrics. */
export function createAnalytics(options: AnalyticsOptions, clock: Clock, accountId: string, log: Log): Analytics {
  const open = (file: string | undefined): LineFile | undefined =>
    file === undefined ? undefined : new LineFile(file, log);
  const [events, activity] = [open(options.events), open(options.activityLog)];
  const serviceLog = new ServiceLog(clock, accountId, events);
  const activityLog = new ActivityLog(accountId, activity);
  return {
    events: events || options.admin ? serviceLog : noEvents,
    activity: activityLog,
    endpoints: (world) => new AnalyticsEndpoints(serviceLog, activityLog, world),
    close: async () => {
      await Promise.all([events?.close(), activity?.close()]);
    },
  };
}
