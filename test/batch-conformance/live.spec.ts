import { describeBatchService } from './suite';
import { beLivePatient, type Target } from './target';

/**
 * A real account, or any other service: named by the variables that Azure's own tools read. It costs money, and the
 * variables may be set for something else, hence the extra word.
 */
function liveAccount(environment: NodeJS.ProcessEnv = process.env): Target | undefined {
  const {
    AZURE_BATCH_LIVE: wanted,
    AZURE_BATCH_ACCOUNT: account,
    AZURE_BATCH_ENDPOINT: endpoint,
    AZURE_BATCH_ACCESS_KEY: key,
  } = environment;
  if (wanted !== 'true') return undefined;
  if (!account || !endpoint || !key) {
    throw new Error(
      'AZURE_BATCH_LIVE=true needs AZURE_BATCH_ACCOUNT, AZURE_BATCH_ENDPOINT and AZURE_BATCH_ACCESS_KEY.',
    );
  }
  const url = endpoint.includes('://') ? endpoint : `https://${endpoint}`;
  return { url: url.replace(/\/$/, ''), account, key };
}

const target = liveAccount();

describe('a live account', () => {
  if (target) {
    jest.setTimeout(60 * 60_000);
    beforeAll(beLivePatient);
    describeBatchService(() => target);
  } else {
    it('is left alone unless AZURE_BATCH_LIVE=true says otherwise', () => {
      expect(
        liveAccount({ AZURE_BATCH_ACCOUNT: 'a', AZURE_BATCH_ENDPOINT: 'e', AZURE_BATCH_ACCESS_KEY: 'k' }),
      ).toBeUndefined();
      expect(() => liveAccount({ AZURE_BATCH_LIVE: 'true' })).toThrow('AZURE_BATCH_ACCOUNT');
    });
  }
});
