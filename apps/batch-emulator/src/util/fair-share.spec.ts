import { FairShare } from './fair-share';

describe('FairShare', () => {
  let now = 0;
  let share: FairShare;
  const takes = (ms: number) => () => {
    now += ms;
    return true;
  };
  const turn = (step: () => boolean): number => {
    const began = now;
    share.turn(step);
    return now - began;
  };

  beforeEach(() => {
    now = 1000;
    share = new FairShare(() => now);
  });

  it('ends a turn when there is nothing more to do', () => {
    let left = 3;
    turn(() => --left > 0);
    expect(left).toBe(0);
  });

  it('takes as long as the others had since its last turn, within limits', () => {
    turn(takes(1));
    now += 32;
    expect(turn(takes(1))).toBe(32);
    expect(turn(takes(1))).toBe(16);
    now += 10_000;
    expect(turn(takes(1))).toBe(64);
  });
});
