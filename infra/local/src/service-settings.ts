/** What a user may set of the service before `npm start`; all else is the local stack's own affair. */
const OF_THE_SERVICE = [
  'WINDROW_ADMIN_KEY_SHA256',
  'WINDROW_DEFAULT_QUOTAS',
  'WINDROW_KEY_VAULTS',
  'WINDROW_LOG_LEVEL',
  'WINDROW_OIDC_ISSUERS',
  'WINDROW_PAYLOAD_KEYS',
  'WINDROW_PRICES',
  'WINDROW_PUBLIC_URL',
  'WINDROW_RATE_LIMIT',
  'WINDROW_SWEEP_GRACE_SECONDS',
  'WINDROW_SWEEP_INTERVAL_SECONDS',
  'WINDROW_WEBHOOK_ALLOW',
  'WINDROW_WEBHOOK_RETRY_SECONDS',
];
const OF_TRACES = /^OTEL_/;

/**
 * Settings of the API and the worker that hold for the local stack as well. Addresses and keys of Temporal, Batch and
 * storage are not among them: those of a real account must not be used by mistake.
 */
export function serviceSettings(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => {
      const [name, value] = entry;
      return Boolean(value) && (OF_THE_SERVICE.includes(name) || OF_TRACES.test(name));
    }),
  );
}
