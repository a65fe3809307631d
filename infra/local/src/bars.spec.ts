import type { Bar } from './bars';
import { Bars, line } from './bars';
import { barsOf } from './job-client';

const bar = (more: Partial<Bar>): Bar => ({
  label: 'running',
  done: 1,
  total: 4,
  note: 'note',
  finished: false,
  ...more,
});

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { out, written };
}

describe('a bar', () => {
  it.each([
    [bar({}), 7],
    [bar({ done: 9, total: 4 }), 28],
    [bar({ done: 0, total: 0 }), 0],
    [bar({ done: 0, total: 0, finished: true }), 28],
  ])('%j has %i of 28 cells filled', (given, cells) => {
    expect(line(given).split('█').length - 1).toBe(cells);
  });
});

describe('bars', () => {
  it('are redrawn in place on a terminal', () => {
    const { out, written } = terminal(true);
    const sut = new Bars(out);
    sut.draw([bar({})]);
    sut.draw([bar({ finished: true }), bar({ label: 'gathering' })]);
    expect(written.filter((text) => text.includes('[1A'))).toHaveLength(1);
  });

  it('are printed once each elsewhere, without control characters, the current one now and then', () => {
    const { out, written } = terminal(false);
    let now = 10_000;
    const sut = new Bars(out, () => now);
    sut.draw([bar({ label: 'planning', finished: true }), bar({})]);
    sut.draw([bar({ label: 'planning', finished: true }), bar({ done: 2 })]);
    expect(written.map((text) => text.trim().split(' ')[0])).toEqual(['planning']);
    now += 5000;
    sut.draw([bar({ label: 'planning', finished: true }), bar({ done: 3 })]);
    expect(written.map((text) => text.trim().split(' ')[0])).toEqual(['planning', 'running']);
    expect(written.join('')).not.toContain('\u001b');
  });
});

it('each phase of a job has a bar, with counts', () => {
  const bars = barsOf({
    job: 'j',
    state: 'running',
    phase: 'running',
    items: 100,
    counts: { total: 10, pending: 0, active: 5, running: 2, succeeded: 3, failed: 0 },
    progress: { done: 3, total: 10, unit: 'tasks' },
    failures: [],
    timings: [
      { phase: 'planning', startTime: '2026-01-01T00:00:00Z', endTime: '2026-01-01T00:00:02.500Z' },
      { phase: 'running', startTime: new Date().toISOString() },
    ],
  });
  expect(bars).toMatchObject([
    { label: 'planning', finished: true, note: expect.stringMatching(/2\.5 s {2}100 items in 10 tasks/) },
    {
      label: 'running',
      finished: false,
      done: 3,
      total: 10,
      note: expect.stringContaining('3 of 10 tasks succeeded, 2 running'),
    },
  ]);
});
