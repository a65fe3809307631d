/** Who of those that want slots of a cluster is to have how many. Pure. */

export interface Contender {
  leaseId: string;
  wanted: number;
  /** Slots of its largest task: shares are whole tasks. */
  minSlots: number;
  priority: number;
  since: number;
  /** It has a lease, and keeps at least one task's slots of it whatever comes. */
  holds: boolean;
}

/**
 * Slots for each contender. A higher priority is served first; within one, all get the same, but for what somebody
 * does not want, which the others share. Those for whom not even one task's slots are left get none, the last to
 * arrive first. The sum never exceeds `capacity`, unless the tasks that holders keep do so alone.
 */
export function fairShares(contenders: Contender[], capacity: number): Map<string, number> {
  const shares = new Map<string, number>();
  const ordered = byArrival(contenders);
  const priorities = [...new Set(ordered.map(({ priority }) => priority))].sort((a, b) => b - a);
  let left = capacity;
  for (const priority of priorities) {
    const kept = sum(
      ordered.filter((other) => other.holds && other.priority < priority).map(({ minSlots }) => minSlots),
    );
    const given = shareEqually(
      ordered.filter((contender) => contender.priority === priority),
      Math.max(0, left - kept),
    );
    for (const [contender, slots] of given) shares.set(contender.leaseId, slots);
    left -= sum([...given.values()]);
  }
  return shares;
}

function shareEqually(group: Contender[], room: number): Map<Contender, number> {
  const served = seated(group, room);
  const level = waterLevel(
    served.map((contender) => ceiling(contender)),
    room,
  );
  const given = new Map(group.map((contender) => [contender, 0]));
  for (const contender of served) {
    const { minSlots } = contender;
    const tasks = Math.floor(Math.min(level, ceiling(contender)) / minSlots);
    given.set(contender, Math.max(1, tasks) * minSlots);
  }
  settle(served, given, room);
  return given;
}

/** As many as can have one task's slots: first those that have a lease, then in order of arrival. */
function seated(group: Contender[], room: number): Contender[] {
  const served: Contender[] = [];
  let left = room;
  for (const contender of [...group.filter(({ holds }) => holds), ...group.filter(({ holds }) => !holds)]) {
    if (!contender.holds && contender.minSlots > left) break;
    served.push(contender);
    left -= contender.minSlots;
  }
  return byArrival(served);
}

/** Takes from the largest what whole tasks made too much, and hands out what they left over, the smallest first. */
function settle(served: Contender[], given: Map<Contender, number>, room: number): void {
  let left = room - sum([...given.values()]);
  const share = (contender: Contender) => given.get(contender)!;
  while (left < 0) {
    const [largest] = served
      .filter((c) => share(c) > c.minSlots)
      .sort((a, b) => share(b) - share(a) || b.since - a.since);
    if (!largest) return;
    given.set(largest, share(largest) - largest.minSlots);
    left += largest.minSlots;
  }
  for (;;) {
    const [smallest] = served
      .filter((c) => c.minSlots <= left && share(c) + c.minSlots <= ceiling(c))
      .sort((a, b) => share(a) - share(b) || a.since - b.since);
    if (!smallest) return;
    given.set(smallest, share(smallest) + smallest.minSlots);
    left -= smallest.minSlots;
  }
}

/** The level up to which all can be filled alike: `sum(min(ceiling, level)) <= room`. */
function waterLevel(ceilings: number[], room: number): number {
  let left = room;
  const sorted = [...ceilings].sort((a, b) => a - b);
  for (const [index, ceilingOf] of sorted.entries()) {
    const level = left / (sorted.length - index);
    if (ceilingOf > level) return level;
    left -= ceilingOf;
  }
  return Infinity;
}

/** What a contender can use, in whole tasks. */
function ceiling({ wanted, minSlots }: Contender): number {
  return Math.max(1, Math.floor(wanted / minSlots)) * minSlots;
}

export function byArrival<T extends { since: number }>(entries: T[]): T[] {
  return [...entries].sort((a, b) => a.since - b.since);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
