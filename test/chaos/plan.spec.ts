import { parseOptions, seedsOf } from './options';
import { COMPONENTS, faultPlan } from './plan';

const first = <T>(count: number, source: Generator<T>): T[] =>
  Array.from({ length: count }, () => source.next().value as T);
const told = (seed: number) => {
  const plan = faultPlan(seed);
  return JSON.stringify([plan.fates(1000), first(20, plan.blows()), first(3, plan.orders())]);
};

it('the same seed gives the same plan, another one another', () => {
  expect(told(7)).toBe(told(7));
  expect(told(7)).not.toBe(told(8));
});

it('each component goes down once before any does again', () => {
  for (let seed = 0; seed < 20; seed++) {
    const components = first(COMPONENTS.length, faultPlan(seed).blows()).flatMap((blow) => blow.components);
    expect(components.sort()).toEqual([...COMPONENTS].sort());
  }
});

it('five in a hundred tasks fail', () => {
  const fates = faultPlan(1).fates(1000);
  expect(fates).toHaveLength(1000);
  expect(fates.filter((fate) => fate !== 'fine')).toHaveLength(50);
});

it('options: seeds follow one another, --only picks one, nonsense is refused with the usage', () => {
  const options = (...args: string[]) => parseOptions(args, () => 5);
  expect(seedsOf(options('--runs', '2'))).toEqual([
    { number: 1, seed: 5 },
    { number: 2, seed: 6 },
  ]);
  expect(seedsOf(options('--seed', '10', '--only', '3'))).toEqual([{ number: 3, seed: 12 }]);
  expect(() => options('--rnus', '2')).toThrow(/--rnus.*Usage/);
  expect(() => options('--runs', 'two')).toThrow(/--runs.*Usage/);
});
