import type { JobSpec } from '../spec';
import { parseGroupPattern } from './group-pattern';
import { expandJob } from './templates';
import type { ScheduleScope } from './templates';

const JOB: JobSpec = {
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: 'run' },
  pool: { vmSizes: ['v'], nodes: { max: 1 } },
};
const SCOPE: ScheduleScope = {
  name: 'nightly',
  time: new Date('2027-01-15T02:00:00Z'),
  window: { start: new Date('2027-01-14T02:00:00Z'), end: new Date('2027-01-15T02:00:00Z') },
};
const blob = (name: string): ScheduleScope => ({
  name: 's',
  time: SCOPE.time,
  trigger: { container: 'c', blob: name },
});

const withText = (text: string): JobSpec => ({ ...JOB, task: { commandLine: 'run', environment: { X: text } } });
const expanded = (text: string, scope = SCOPE) => {
  const result = expandJob(withText(text), scope);
  return 'job' in result ? result.job.task.environment!['X'] : result.complaints;
};

describe('templates of a schedule', () => {
  it.each([
    ['{{schedule.time}}', '2027-01-15T02:00:00Z'],
    ['{{ schedule.windowStart }}..{{schedule.windowEnd}}', '2027-01-14T02:00:00Z..2027-01-15T02:00:00Z'],
    ['{{schedule.windowStart|yyyy/MM/dd}}/', '2027/01/14/'],
    ['{{schedule.time | HH:mm:ss}}', '02:00:00'],
    ['{{schedule.name}} {{item.x}} {{parameters.y}}', 'nightly {{item.x}} {{parameters.y}}'],
  ])('%s', (text, value) => expect(expanded(text)).toBe(value));

  it('expand anywhere in a job: prefixes, parameters, labels, command lines', () => {
    const job: JobSpec = {
      ...JOB,
      labels: { day: '{{schedule.time|yyyy-MM-dd}}' },
      parameters: { list: [{ from: '{{schedule.windowStart}}' }] },
      input: { kind: 'blobs', container: 'c', prefix: '{{schedule.time|yyyy}}/' },
      task: { commandLine: 'run {{schedule.time}}' },
    };
    expect(expandJob(job, SCOPE)).toEqual({
      job: {
        ...job,
        labels: { day: '2027-01-15' },
        parameters: { list: [{ from: '2027-01-14T02:00:00Z' }] },
        input: { kind: 'blobs', container: 'c', prefix: '2027/' },
        task: { commandLine: 'run 2027-01-15T02:00:00Z' },
      },
    });
  });

  it.each([
    '{{schedule.tim}}',
    '{{schedule}}',
    '{{trigger.blob}}',
    '{{schedule.name|yyyy}}',
    '{{schedule.time|$(id)}}',
  ])('%s is refused with its path', (text) =>
    expect(expanded(text)).toMatchObject([{ path: '$.task.environment.X', message: expect.any(String) }]),
  );

  it('hands a blob with quotes to the environment, and never to a shell', () => {
    const name = `a"; rm -rf ~ '$(id)`;
    expect(expanded('{{trigger.blob}}', blob(name))).toBe(name);
    const job = { ...JOB, task: { commandLine: '/bin/sh -c "cat {{trigger.blob}}"' } };
    expect(expandJob(job, blob(name))).toMatchObject({ complaints: [{ path: '$.task.commandLine' }] });
    expect(expandJob(job, blob('in/a.csv'))).toMatchObject({
      job: { task: { commandLine: expect.stringContaining('in/a.csv') } },
    });
    const gather = { kind: 'reduce', commandLine: 'x {{trigger.blob}}' } as const;
    expect(expandJob({ ...JOB, gather }, blob(name))).toMatchObject({ complaints: [{ path: '$.gather.commandLine' }] });
  });

  it('never takes the name of a blob for a template', () => {
    expect(expanded('{{trigger.blob}}', blob('{{parameters.secret}}'))).toMatchObject([
      { path: '$.task.environment.X' },
    ]);
    expect(expanded('{{trigger.blob}}', blob('a$&b'))).toBe('a$&b');
  });
});

describe('the pattern of a group', () => {
  it.each([
    ['in/{group}/*.csv', 'in/7/a.csv', '7'],
    ['in/{group}/*.csv', 'in/7/b/a.csv', undefined],
    ['**/{group}-part*', 'x/y/z-part1', 'z'],
    ['a.{group}', 'abb', undefined],
  ])('%s of %s', (pattern, name, group) => {
    const parsed = parseGroupPattern(pattern);
    expect(parsed instanceof RegExp ? parsed.exec(name)?.[1] : 'no pattern').toBe(group);
  });

  it.each(['in/*', '{group}/{group}', '*/*/{group}/*'])('is not %s', (pattern) => {
    expect(typeof parseGroupPattern(pattern)).toBe('string');
  });
});
