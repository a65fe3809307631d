import type { Route } from '../http/route';
import { SCHEDULE, notYet } from './route';

export function scheduleRoutes(): Route[] {
  return [
    notYet('JobScheduleAdd', 'POST', '/jobschedules'),
    notYet('JobScheduleList', 'GET', '/jobschedules'),
    notYet('JobScheduleExists', 'HEAD', SCHEDULE),
    notYet('JobScheduleDelete', 'DELETE', SCHEDULE),
    notYet('JobScheduleGet', 'GET', SCHEDULE),
    notYet('JobSchedulePatch', 'PATCH', SCHEDULE),
    notYet('JobScheduleUpdate', 'PUT', SCHEDULE),
    notYet('JobScheduleDisable', 'POST', `${SCHEDULE}/disable`),
    notYet('JobScheduleEnable', 'POST', `${SCHEDULE}/enable`),
    notYet('JobListFromJobSchedule', 'GET', `${SCHEDULE}/jobs`),
    notYet('JobScheduleTerminate', 'POST', `${SCHEDULE}/terminate`),
  ];
}
