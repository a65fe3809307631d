/** What every client must find out about the service in the same story. */
export interface Facts {
  nodes: number;
  added: number;
  succeeded: number;
  failed: number;
  failedIds: string[];
  listed: number;
  stdout: string;
  resized: number;
  /** Id of the first job of the schedule, without the prefix of the story. */
  scheduled: string;
  jobsOfSchedule: number;
  evaluated: boolean;
  scaled: number;
  gone: boolean;
}

export const EXPECTED: Facts = {
  nodes: 2,
  added: 300,
  succeeded: 297,
  failed: 3,
  failedIds: ['task-100', 'task-200', 'task-300'],
  listed: 300,
  stdout: 'hello from task-7\n',
  resized: 4,
  scheduled: '-schedule:job-1',
  jobsOfSchedule: 1,
  evaluated: true,
  scaled: 1,
  gone: true,
};
