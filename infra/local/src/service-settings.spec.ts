import { serviceSettings } from './service-settings';

describe('settings of the service for the local stack', () => {
  it('access, quotas and traces that were asked for hold; nothing of an account is taken over', () => {
    const kept = {
      WINDROW_ADMIN_KEY_SHA256: 'ab',
      WINDROW_DEFAULT_QUOTAS: '{}',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
    };
    const others = {
      AZURE_BATCH_ENDPOINT: 'https://real',
      TEMPORAL_API_KEY: 'x',
      WINDROW_SECRET_KEY: 'x',
      PATH: '/bin',
    };
    expect(serviceSettings({ ...kept, ...others, WINDROW_PRICES: '' })).toEqual(kept);
  });
});
