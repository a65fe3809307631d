import { ScheduleTimes } from './times';
import { parseCron } from './cron';
import { isTimeZone } from './zone';
import { isoSeconds } from './templates';
import type { ScheduleSpec } from '../spec';

const following = (spec: ScheduleSpec, after: string, most: number) =>
  new ScheduleTimes(spec).following(new Date(after), most).map(isoSeconds);
const windowOf = (spec: ScheduleSpec, end: string) => {
  const window = new ScheduleTimes(spec).windowOf(new Date(end));
  return [isoSeconds(window.start), isoSeconds(window.end)];
};

describe('the times of a schedule', () => {
  it('skips what clocks that are put forward skip', () => {
    const spec = { cron: ['30 2 * * *'], timeZone: 'Europe/Berlin' };
    expect(following(spec, '2027-03-26T12:00:00Z', 3)).toEqual([
      '2027-03-27T01:30:00Z',
      '2027-03-29T00:30:00Z',
      '2027-03-30T00:30:00Z',
    ]);
  });

  it('comes twice when clocks are put back', () => {
    const spec = { cron: ['30 2 * * *'], timeZone: 'Europe/Berlin' };
    expect(following(spec, '2027-10-30T12:00:00Z', 3)).toEqual([
      '2027-10-31T00:30:00Z',
      '2027-10-31T01:30:00Z',
      '2027-11-01T01:30:00Z',
    ]);
  });

  it('knows the ends of months, and leap days', () => {
    expect(following({ cron: ['0 0 31 * *'] }, '2027-01-31T00:00:00Z', 2)).toEqual([
      '2027-03-31T00:00:00Z',
      '2027-05-31T00:00:00Z',
    ]);
    expect(following({ cron: ['0 0 29 2 *'] }, '2027-01-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00:00Z']);
    expect(following({ cron: ['0 0 30 2 *'] }, '2027-01-01T00:00:00Z', 1)).toEqual([]);
  });

  it('is the union of its parts, within start and end, both inclusive', () => {
    const spec = {
      interval: { every: 'PT12H', offset: 'PT1H' },
      calendar: [{ hour: [13], minute: [{ start: 0, end: 30, step: 30 }] }],
      start: '2027-01-01T01:00:00Z',
      end: '2027-01-01T13:30:00Z',
    };
    expect(following(spec, '2020-01-01T00:00:00Z', 9)).toEqual([
      '2027-01-01T01:00:00Z',
      '2027-01-01T13:00:00Z',
      '2027-01-01T13:30:00Z',
    ]);
  });
});

describe('the window of a nominal time', () => {
  it('begins with the time before, over months, and before the start of the schedule as well', () => {
    expect(windowOf({ cron: ['0 0 1 * *'], start: '2027-03-01T00:00:00Z' }, '2027-03-01T00:00:00Z')).toEqual([
      '2027-02-01T00:00:00Z',
      '2027-03-01T00:00:00Z',
    ]);
  });

  it.each([
    ['2027-03-28T22:00:00Z', '2027-03-27T23:00:00Z', 23],
    ['2027-10-31T23:00:00Z', '2027-10-30T22:00:00Z', 25],
  ])('of a local day is as long as the day: up to %s', (end, start, hours) => {
    expect(windowOf({ cron: ['0 0 * * *'], timeZone: 'Europe/Berlin' }, end)).toEqual([start, end]);
    expect((Date.parse(end) - Date.parse(start)) / 3_600_000).toBe(hours);
  });

  it.each<ScheduleSpec>([
    { interval: { every: 'PT90M', offset: 'PT7M' } },
    { cron: ['*/7 * * * *', '0 2 * * 1-5'], timeZone: 'America/New_York' },
    { cron: ['30 1,2 * * *'], timeZone: 'Australia/Lord_Howe' },
  ])('leaves no gap and no overlap: %j', (spec) => {
    const times = following(spec, '2027-10-30T12:00:00Z', 400);
    expect(new Set(times).size).toBe(400);
    expect(times.slice(1).map((time) => windowOf(spec, time)[0])).toEqual(times.slice(0, -1));
  });

  it('of a time that somebody asked for begins with the last nominal one', () => {
    expect(windowOf({ interval: { every: 'PT1H' } }, '2027-01-01T10:20:00Z')[0]).toBe('2027-01-01T10:00:00Z');
  });
});

describe('a cron expression', () => {
  it('takes either the day of the month or that of the week where both are given', () => {
    expect(following({ cron: ['0 0 13 * FRI'] }, '2027-01-01T00:00:00Z', 3)).toEqual([
      '2027-01-08T00:00:00Z',
      '2027-01-13T00:00:00Z',
      '2027-01-15T00:00:00Z',
    ]);
  });

  it('knows names, steps, ranges, and Sunday as 7', () => {
    expect(following({ cron: ['*/30 6-7 * jan 5-7'] }, '2027-01-03T06:30:00Z', 2)).toEqual([
      '2027-01-03T07:00:00Z',
      '2027-01-03T07:30:00Z',
    ]);
  });

  it.each(['* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '*/0 * * * *', '5-1 * * * *', '*-5 * * * *', '@daily'])(
    'is not %j',
    (text) => expect(typeof parseCron(text)).toBe('string'),
  );
});

it('a zone is a name of the IANA database', () => {
  expect(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Mars/Base', '+02:00', ''].map(isTimeZone)).toEqual(
    [true, true, true, false, false, false],
  );
});
