import { Pace } from './pace';

describe('Pace', () => {
  it('says nothing before something was done', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    expect(pace.untilHalfOfTheRest()).toBeUndefined();
    pace.reached(10);
    now = 1000;
    pace.reached(10);
    expect(pace.untilHalfOfTheRest()).toBeUndefined();
  });

  it('judges by what was done since it began to look', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    pace.reached(20);
    now = 1000;
    pace.reached(40);
    // 20 a second, so the 60 that are left take 3 s.
    expect(pace.untilHalfOfTheRest()).toBe(1500);
    now = 4000;
    pace.reached(100);
    expect(pace.untilHalfOfTheRest()).toBe(0);
  });
});
