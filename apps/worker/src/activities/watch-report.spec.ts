import { slotsNeeded } from './watch-report';
import type { WatchInput } from './wave-types';

const watch = (more: Partial<WatchInput> = {}) => ({ tasks: 100, slotsPerTask: 3, stop: false, ...more }) as WatchInput;

describe('slots that a wave can still use', () => {
  it.each<[string, Partial<WatchInput>, running: number, done: number, slots: number]>([
    ['all that is left, while it runs', {}, 10, 40, 180],
    ['no more than may run at once', { maxParallelTasks: 5 }, 5, 40, 15],
    ['but what runs still, when that was lowered', { maxParallelTasks: 5 }, 8, 40, 24],
    ['those of what runs, when it is to stop', { stop: true }, 4, 40, 12],
    ['none, when it has stopped', { stop: true }, 0, 40, 0],
  ])('%s', (_what, more, running, done, slots) => {
    expect(slotsNeeded(watch(more), running, done)).toBe(slots);
  });
});
