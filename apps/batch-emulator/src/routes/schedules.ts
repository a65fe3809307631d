import type { ScheduleHandlers } from '../handlers/schedules';
import type { Route } from '../http/route';
import { route, SCHEDULE } from './route';

export function scheduleRoutes(schedules: ScheduleHandlers): Route[] {
  const { modified } = schedules;
  return [
    route('JobScheduleAdd', 'POST', '/jobschedules', schedules.add, { body: 'BatchJobScheduleCreateOptions' }),
    route('JobScheduleList', 'GET', '/jobschedules', schedules.list),
    route('JobScheduleExists', 'HEAD', SCHEDULE, schedules.exists, { modified }),
    route('JobScheduleDelete', 'DELETE', SCHEDULE, schedules.delete, { modified }),
    route('JobScheduleGet', 'GET', SCHEDULE, schedules.get, { modified }),
    route('JobSchedulePatch', 'PATCH', SCHEDULE, schedules.patch, { body: 'BatchJobScheduleUpdateOptions', modified }),
    route('JobScheduleUpdate', 'PUT', SCHEDULE, schedules.update, { body: 'BatchJobSchedule', modified }),
    route('JobScheduleDisable', 'POST', `${SCHEDULE}/disable`, schedules.disable, { modified }),
    route('JobScheduleEnable', 'POST', `${SCHEDULE}/enable`, schedules.enable, { modified }),
    route('JobListFromJobSchedule', 'GET', `${SCHEDULE}/jobs`, schedules.jobs),
    route('JobScheduleTerminate', 'POST', `${SCHEDULE}/terminate`, schedules.terminate, { modified }),
  ];
}
