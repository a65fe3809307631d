import { RecentlyUsed } from './recently-used';

describe('RecentlyUsed', () => {
  it('forgets what was not asked for the longest', () => {
    const made: string[] = [];
    const values = new RecentlyUsed<string, string>(2);
    const get = (key: string): string =>
      values.get(key, () => {
        made.push(key);
        return key.toUpperCase();
      });
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(get)).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });
});
