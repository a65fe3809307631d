import { execFileSync } from 'node:child_process';
import { shellExports } from './shell-exports';

describe('what `env` prints', () => {
  const place = { host: '127.0.0.1', port: 10010, account: 'dev', accountKey: 'a2V5+/8=' };

  it('is plain where it can be', () => {
    expect(shellExports(place)).toBe(
      [
        'export AZURE_BATCH_ACCOUNT=dev',
        'export AZURE_BATCH_ENDPOINT=http://127.0.0.1:10010',
        'export AZURE_BATCH_ACCESS_KEY=a2V5+/8=',
      ].join('\n'),
    );
  });

  it.each([
    ['::1', 'http://[::1]:10010'],
    ['[::1]', 'http://[::1]:10010'],
    ["a'; echo $(id) `id`; '", "http://a'; echo $(id) `id`; ':10010"],
  ])('gives a shell the host %s as it is', (host, endpoint) => {
    const script = `${shellExports({ ...place, host })}\nprintf %s "$AZURE_BATCH_ENDPOINT"`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(endpoint);
  });
});
