/** All that goes wrong in a run, from its seed: the same seed gives the same plan. */
import { Seeded } from './seeded';

export const COMPONENTS = ['worker', 'api', 'batch-emulator', 'temporal', 'azurite'] as const;

export type Component = (typeof COMPONENTS)[number];

/** Components that go down together, and come back together. */
export interface Blow {
  components: Component[];
  /** After everything was up again the last time. */
  afterMs: number;
  downMs: number;
}

export interface FaultPlan {
  seed: number;
  /** What happens to an item's task, by the item's number. */
  fates: (items: number) => Fate[];
  /** First each component once, in some order; then whatever comes, without end. */
  blows: () => Generator<Blow>;
  /** Orders for the emulator. It forgets them when it is killed, so there is a new list for each of its lives. */
  orders: () => Generator<object[]>;
}

/**
 * `fine` succeeds; `mends` fails until the retry rule changes its environment; `stubborn` fails all the attempts it is
 * given; `hopeless` fails once, as no rule gives it another attempt.
 */
export type Fate = 'fine' | 'mends' | 'stubborn' | 'hopeless';

/** Five in a hundred fail. */
const FATES: [Fate, number][] = [
  ['mends', 0.03],
  ['stubborn', 0.01],
  ['hopeless', 0.01],
];
const THROTTLED = 0.01;
const LOST = 0.004;
const MAKING = ['PoolAdd', 'JobAdd', 'TaskAddCollection', 'JobPatch', 'JobDelete', 'PoolDelete'];
/** Of the nodes, at each of some moments. */
const EVICTED = 0.02;
const EVICTIONS = 12;
const EVICT_EVERY_S = 7;

export function faultPlan(seed: number): FaultPlan {
  // Each part has a stream of its own: how long one goes on must not change another.
  const root = new Seeded(seed);
  const [fates, blows, orders] = [root.seed(), root.seed(), root.seed()];
  return {
    seed,
    fates: (items) => fatesFrom(new Seeded(fates), items),
    blows: () => blowsFrom(new Seeded(blows)),
    orders: () => ordersFrom(new Seeded(orders)),
  };
}

/** Exact shares, in places that chance decides; at least one of each. */
function fatesFrom(chance: Seeded, items: number): Fate[] {
  const list = FATES.flatMap(([fate, share]) =>
    Array.from({ length: Math.max(1, Math.round(items * share)) }, () => fate),
  );
  const fine = Array.from({ length: Math.max(0, items - list.length) }, (): Fate => 'fine');
  return chance.shuffled([...list, ...fine]);
}

function* blowsFrom(chance: Seeded): Generator<Blow> {
  const blow = (components: Component[], longestGapMs: number): Blow => ({
    components,
    afterMs: Math.round(chance.between(300, longestGapMs)),
    downMs: Math.round(chance.between(100, 4000)),
  });
  for (const component of chance.shuffled(COMPONENTS)) yield blow([component], 4000);
  for (;;) {
    const two = chance.next() < 0.25;
    yield blow(two ? chance.shuffled(COMPONENTS).slice(0, 2) : [chance.pick(COMPONENTS)], 10_000);
  }
}

function* ordersFrom(chance: Seeded): Generator<object[]> {
  for (;;) {
    yield [
      { status: 429, retryAfter: 1, probability: THROTTLED / 2, seed: chance.seed() },
      { status: 503, retryAfter: 1, probability: THROTTLED / 2, seed: chance.seed() },
      { kind: 'loseResponse', probability: LOST, seed: chance.seed() },
      { kind: 'loseRequest', probability: LOST, seed: chance.seed() },
      // Where it hurts most: something was made, and nobody heard of it.
      { kind: 'loseResponse', operation: chance.pick(MAKING), times: 2 },
      ...Array.from({ length: EVICTIONS }, (_, i) => ({
        kind: 'preempt',
        share: EVICTED,
        afterSeconds: Math.round(chance.between(i, i + 1) * EVICT_EVERY_S),
        seed: chance.seed(),
      })),
    ];
  }
}
