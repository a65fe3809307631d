// Flights, minutes of delay and late flights by airport. Integers only, so that the order of adding changes nothing.

const LATE_MINUTES = 15;

export function totals() {
  const byOrigin = new Map();
  const at = (origin) => {
    let entry = byOrigin.get(origin);
    if (!entry) byOrigin.set(origin, (entry = { flights: 0, delayMinutes: 0, late: 0 }));
    return entry;
  };
  return {
    get size() {
      return byOrigin.size;
    },
    get flights() {
      return [...byOrigin.values()].reduce((sum, entry) => sum + entry.flights, 0);
    },
    addFlight({ origin, delay }) {
      const entry = at(origin);
      entry.flights += 1;
      entry.delayMinutes += delay ?? 0;
      if ((delay ?? 0) >= LATE_MINUTES) entry.late += 1;
    },
    addPart(part) {
      for (const [origin, { flights, delayMinutes, late }] of Object.entries(part)) {
        const entry = at(origin);
        entry.flights += flights;
        entry.delayMinutes += delayMinutes;
        entry.late += late;
      }
    },
    toJSON() {
      return Object.fromEntries([...byOrigin].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

/** Airports by mean delay, worst first; those with few flights are left out of a ranking that chance would rule. */
export function worst(byOrigin, count, minFlights = 1000) {
  return Object.entries(byOrigin)
    .filter(([, { flights }]) => flights >= minFlights)
    .map(([origin, entry]) => ({ origin, ...entry, mean: entry.delayMinutes / entry.flights }))
    .sort((a, b) => b.mean - a.mean || (a.origin < b.origin ? -1 : 1))
    .slice(0, count);
}

export function toCsv(byOrigin) {
  const rows = Object.entries(byOrigin).map(([origin, { flights, delayMinutes, late }]) =>
    [origin, flights, delayMinutes, (delayMinutes / flights).toFixed(3), late].join(','),
  );
  return `origin,flights,delay_minutes,mean_delay_minutes,late_flights\n${rows.join('\n')}\n`;
}
