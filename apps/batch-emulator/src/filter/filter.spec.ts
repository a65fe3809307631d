import { compileFilter, flag, FilterSyntaxError, number, parseFilter, scanOf, state, text, time } from '.';

interface Thing {
  id: string;
  count?: number;
  flag?: boolean;
  when?: number;
}

const properties = {
  id: text((thing: Thing) => thing.id),
  state: state((thing: Thing) => thing.id),
  'info/count': number((thing: Thing) => thing.count),
  flag: flag((thing: Thing) => thing.flag),
  when: time((thing: Thing) => thing.when),
};

const matches = (filter: string, thing: Thing): boolean => compileFilter(parseFilter(filter), properties)(thing);

describe('$filter', () => {
  it.each([
    ["id eq 'a'", true],
    ["id eq 'A'", true],
    ["id ne 'a'", false],
    ["id eq 'it''s'", false],
    ['info/count gt 4 and info/count le 5', true],
    ["id eq 'x' or id eq 'y' and flag eq true", false],
    ["(id eq 'x' or id eq 'a') and flag eq true", true],
    ["id eq 'a' or id eq 'y' and flag eq false", true],
    ["startswith(id,'A')", true],
    ["startswith( id , 'b' )", false],
    ["when ge datetime'2024-01-05T03:23:15.5574583Z'", true],
    ["when gt datetime'2024-01-05T03:23:15.557459Z'", false],
    ["when lt datetime'2024-01-05'", false],
    ['info/count eq -5', false],
  ])('%s is %s', (filter, expected) => {
    const when = Date.parse('2024-01-05T03:23:15Z') * 1000 + 557_459;
    expect(matches(filter, { id: 'a', count: 5, flag: true, when })).toBe(expected);
  });

  it('something absent equals nothing, and is neither greater nor less', () => {
    for (const [filter, expected] of [
      ['info/count eq 1', false],
      ['info/count ne 1', true],
      ['info/count lt 1', false],
      ["when ge datetime'2000-01-01T00:00:00Z'", false],
    ] as const) {
      expect([filter, matches(filter, { id: 'a' })]).toEqual([filter, expected]);
    }
  });

  it.each([
    '',
    'id',
    "id eq 'a' and",
    "id has 'a'",
    "(id eq 'a'",
    "id eq 'a')",
    "datetime'2024' eq id",
    "when ge datetime'yesterday'",
    "startswith('a',id)",
    "id eq 'open",
    "toString eq 'a'",
    "colour eq 'red'",
  ])('refuses %j', (filter) => {
    expect(() => matches(filter, { id: 'a' })).toThrow(FilterSyntaxError);
  });

  it.each([
    "when gt '2020'",
    'when eq 5',
    'state eq 5',
    "state gt 'a'",
    "info/count eq '5'",
    'id eq 5',
    "flag eq 'true'",
    "startswith(info/count,'5')",
  ])('refuses a literal or an operator that the property does not have: %s', (filter) => {
    expect(() => matches(filter, { id: 'a' })).toThrow(FilterSyntaxError);
  });

  it('refuses parentheses without end', () => {
    const nested = (levels: number): string => `${'('.repeat(levels)}id eq 'a'${')'.repeat(levels)}`;
    expect(matches(nested(100), { id: 'a' })).toBe(true);
    expect(() => matches(nested(100_000), { id: 'a' })).toThrow(FilterSyntaxError);
  });

  it('finds what the index of tasks can answer, and only in conditions that must hold', () => {
    const since = Date.parse('2024-01-05T00:00:00Z') * 1000;
    expect(
      scanOf(parseFilter("state eq 'completed' and stateTransitionTime ge datetime'2024-01-05T00:00:00Z'")),
    ).toEqual({
      states: ['completed'],
      since,
    });
    expect(scanOf(parseFilter("state eq 'completed' or id eq 'a'"))).toEqual({});
    expect(scanOf(parseFilter("state ne 'completed'"))).toEqual({ states: ['active', 'preparing', 'running'] });
    expect(scanOf(parseFilter("state eq 'active' or state eq 'running'"))).toEqual({ states: ['active', 'running'] });
    expect(scanOf(parseFilter("state ne 'active' and (state eq 'active' or state eq 'running')"))).toEqual({
      states: ['running'],
    });
    expect(scanOf(parseFilter("state ne 'nonsense'"))).toEqual({});
    expect(scanOf(parseFilter("state eq 'nonsense'"))).toEqual({ states: [] });
    expect(scanOf(undefined)).toEqual({});
  });
});
