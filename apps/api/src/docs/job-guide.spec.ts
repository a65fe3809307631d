import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validateAs } from '../common/validation/validate';
import { JOB_EXAMPLES } from '../jobs/dto/job-examples';
import { JobSpecDto } from '../jobs/dto/job-spec.dto';
import { specErrors } from '../jobs/spec-rules';

const GUIDE = path.resolve(__dirname, '../../../../docs/jobs.md');

/** The fragments of jobs that the guide shows, each with the line it begins at. */
function fragments(): [line: number, fragment: object][] {
  const text = readFileSync(GUIDE, 'utf8');
  return [...text.matchAll(/```json\n(.*?)```/gs)].map((match) => [
    text.slice(0, match.index).split('\n').length,
    JSON.parse(match[1]!) as object,
  ]);
}

describe('the guide to jobs', () => {
  it.each(fragments())('line %i is a part of a job that the API takes', (_, fragment) => {
    const spec = { ...JOB_EXAMPLES.smallest, ...fragment };
    expect(validateAs(JobSpecDto, spec)).toEqual([]);
    expect(specErrors(spec)).toEqual([]);
  });
});
