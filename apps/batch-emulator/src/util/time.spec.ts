import { formatDuration, parseDuration } from './duration';
import { etagOf, formatTime, parseTime } from './time';
import { TimerHeap } from './timer-heap';

describe('times', () => {
  it('are written with trailing zeros dropped', () => {
    const second = Date.parse('2024-03-26T02:01:57Z') * 1000;
    expect(formatTime(second)).toBe('2024-03-26T02:01:57Z');
    expect(formatTime(second + 361_700)).toBe('2024-03-26T02:01:57.3617Z');
    expect(formatTime(second + 1)).toBe('2024-03-26T02:01:57.000001Z');
  });

  it('are read with any number of digits', () => {
    expect(parseTime('2024-03-26T02:01:57.361706Z')).toBe(Date.parse('2024-03-26T02:01:57Z') * 1000 + 361_706);
    expect(parseTime('2024-03-26T04:01:57+02:00')).toBe(Date.parse('2024-03-26T02:01:57Z') * 1000);
    expect(parseTime('26 March')).toBeUndefined();
  });

  it('give the ETag the service was recorded to give', () => {
    // 0x8DC4D38B79A49AA belongs to 02:01:57.3617066Z; a microsecond has ten ticks.
    const time = parseTime('2024-03-26T02:01:57.361706Z') ?? 0;
    expect(BigInt('0x8DC4D38B79A49AA') - BigInt(etagOf(time))).toBe(6n);
  });
});

describe('durations', () => {
  it.each([
    ['PT06M00S', 'PT6M'],
    ['PT90S', 'PT1M30S'],
    ['P7D', 'P7D'],
    ['PT25H', 'P1DT1H'],
    ['PT0.25S', 'PT0.25S'],
    ['PT0S', 'PT0S'],
    ['P10675199DT2H48M5.4775807S', 'P10675199DT2H48M5.4775807S'],
  ])('%s is kept as %s', (text, canonical) => {
    expect(formatDuration(parseDuration(text) ?? Number.NaN)).toBe(canonical);
  });

  it.each(['', 'P', '5 minutes', 'PTS', '1D'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('TimerHeap', () => {
  it('gives callbacks by due time, equal ones in order, cancelled ones not at all', () => {
    const heap = new TimerHeap();
    const seen: string[] = [];
    for (const [due, name] of [
      [5, 'c'],
      [1, 'a'],
      [5, 'd'],
      [3, 'b'],
    ] as const)
      heap.add(due, () => seen.push(name));
    heap.add(2, () => seen.push('never')).cancel();
    for (let run = heap.takeDue(4); run; run = heap.takeDue(4)) run();
    expect(seen).toEqual(['a', 'b']);
    expect(heap.nextDue()).toBe(5);
    for (let run = heap.takeDue(5); run; run = heap.takeDue(5)) run();
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets go of many cancelled callbacks and keeps the rest', () => {
    const heap = new TimerHeap();
    const timers = Array.from({ length: 5000 }, (_, at) => heap.add(5000 - at, () => undefined));
    timers.slice(1).forEach((timer) => timer.cancel());
    expect(heap.nextDue()).toBe(5000);
    expect(heap.takeDue(4999)).toBeUndefined();
    expect(heap.takeDue(5000)).toBeDefined();
    expect(heap.nextDue()).toBeUndefined();
  });
});
