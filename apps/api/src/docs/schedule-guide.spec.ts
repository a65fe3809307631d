import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScheduleBody } from '@windrow/contract';
import { validateAs } from '../common/validation/validate';
import { JOB_EXAMPLES } from '../jobs/dto/job-examples';
import { specErrors } from '../jobs/spec-rules';
import { ScheduleDto } from '../schedules/dto';
import { bodyErrors, sampleJob, timeErrors } from '../schedules/schedule-rules';

const GUIDE = path.resolve(__dirname, '../../../../docs/schedules.md');

/** The fragments of schedules that the guide shows, each with the line it begins at. */
function fragments(): [line: number, fragment: object][] {
  const text = readFileSync(GUIDE, 'utf8');
  return [...text.matchAll(/```json\n(.*?)```/gs)].map((match) => [
    text.slice(0, match.index).split('\n').length,
    JSON.parse(match[1]!) as object,
  ]);
}

describe('the guide to schedules', () => {
  it.each(fragments())('line %i is a part of a schedule that the API takes', (_, fragment) => {
    const body = { job: JOB_EXAMPLES.smallest, ...fragment } as ScheduleBody;
    expect(validateAs(ScheduleDto, body)).toEqual([]);
    expect([...bodyErrors(body), ...timeErrors(body)]).toEqual([]);
    const sample = sampleJob('s', body);
    expect('job' in sample ? specErrors(sample.job) : sample.errors).toEqual([]);
  });
});
