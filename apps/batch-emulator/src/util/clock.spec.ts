import { SystemClock } from './clock';

describe('SystemClock', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs as fast as the scale says, and callbacks with it', () => {
    const clock = new SystemClock(60);
    const start = clock.now();
    const seen: string[] = [];
    clock.after(90_000, () => seen.push('emulated'));
    clock.afterReal(2000, () => seen.push('real'));
    jest.advanceTimersByTime(1000);
    expect(seen).toEqual([]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000_000);
    jest.advanceTimersByTime(500);
    expect(seen).toEqual(['emulated']);
    jest.advanceTimersByTime(500);
    expect(seen).toEqual(['emulated', 'real']);
  });

  it('shows a callback the time at which it was due, however late it runs', () => {
    const clock = new SystemClock(1000);
    const start = clock.now();
    let ended = 0;
    clock.after(60_000, () => clock.after(60_000, () => (ended = clock.now())));
    jest.setSystemTime(Date.now() + 10_000);
    expect(clock.now() - start).toBeLessThanOrEqual(60_000_000);
    jest.advanceTimersByTime(10_000);
    expect(Math.round((ended - start) / 1_000_000)).toBe(120);
  });

  it('never gives the same time twice, and goes on from a time ahead of the real one', () => {
    const clock = new SystemClock();
    const [first, second] = [clock.now(), clock.now()];
    expect(second).toBeGreaterThan(first);
    const ahead = first + 3_600_000_000;
    expect(clock.isItsOwn).toBe(false);
    clock.notBefore(ahead);
    expect(clock.isItsOwn).toBe(true);
    jest.advanceTimersByTime(5000);
    expect(Math.round((clock.now() - ahead) / 1_000_000)).toBe(5);
  });
});
