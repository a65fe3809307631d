import { pollUntil } from './poll';

const beats: unknown[] = [];
jest.mock('@temporalio/activity', () => ({
  heartbeat: (details: unknown) => beats.push(details),
  sleep: async () => undefined,
}));

describe('a poll', () => {
  it('whose step takes long is alive all the while', async () => {
    jest.useFakeTimers();
    const slow = () => new Promise<true>((resolve) => setTimeout(() => resolve(true), 21_000));
    const polling = pollUntil({ pollMinMs: 1, pollMaxMs: 1 }, slow, () => 'so far');
    await jest.advanceTimersByTimeAsync(21_000);
    await expect(polling).resolves.toBe(true);
    expect(beats).toEqual(Array(10).fill('so far'));
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
