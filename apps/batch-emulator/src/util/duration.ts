import { INFINITE_DURATION } from '../constants';

const DURATION = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
/** Anything above this many milliseconds is TimeSpan.MaxValue, that is, no limit at all. */
const INFINITE_MS = 10_675_199 * 86_400_000;

/** Milliseconds of an ISO 8601 duration, leniently (`PT06M00S`); `Infinity` for no limit, `undefined` if malformed. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (!match || text.trim().length < 3) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const millis =
    Number(days) * 86_400_000 + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
  if (millis >= INFINITE_MS) return Number.POSITIVE_INFINITY;
  return sign ? -millis : millis;
}

/** The canonical form the service answers with: `PT06M00S` comes back as `PT6M`. */
export function formatDuration(millis: number): string {
  if (millis === Number.POSITIVE_INFINITY) return INFINITE_DURATION;
  let rest = Math.abs(millis);
  const take = (unit: number): number => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count;
  };
  const days = take(86_400_000);
  const hours = take(3_600_000);
  const minutes = take(60_000);
  const seconds = rest / 1000;
  const clock = (hours ? `${hours}H` : '') + (minutes ? `${minutes}M` : '') + (seconds ? `${seconds}S` : '');
  if (!days && !clock) return 'PT0S';
  return `${millis < 0 ? '-' : ''}P${days ? `${days}D` : ''}${clock ? `T${clock}` : ''}`;
}
