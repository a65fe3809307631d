import { parseSecretUrl, parseVaults } from './secrets';

describe('the address of a secret', () => {
  it.each([
    ['https://team.vault.azure.net/secrets/my-token', { vault: 'https://team.vault.azure.net', name: 'my-token' }],
    ['https://a.b/secrets/t/0f9', { vault: 'https://a.b', name: 't', version: '0f9' }],
    ['http://127.0.0.1:8080/secrets/t', { vault: 'http://127.0.0.1:8080', name: 't' }],
  ])('%s', (url, address) => {
    expect(parseSecretUrl(url)).toEqual(address);
  });

  it.each([
    'http://team.vault.azure.net/secrets/t',
    'https://team.vault.azure.net/keys/t',
    'https://team.vault.azure.net/secrets/t/../../keys/x',
    'https://team.vault.azure.net/secrets/a%2Fb',
    'https://user:pw@team.vault.azure.net/secrets/t',
    'https://team.vault.azure.net/secrets/t?api-version=1',
    'https://team.vault.azure.net/secrets/t/v/more',
    'token',
  ])('is not %s', (url) => {
    expect(parseSecretUrl(url)).toBeUndefined();
  });
});

describe('the list of vaults', () => {
  it('is none when it is empty, else origins', () => {
    expect(parseVaults('')).toEqual([]);
    expect(parseVaults(' https://A.vault.azure.net/, http://localhost:81 ')).toEqual([
      'https://a.vault.azure.net',
      'http://localhost:81',
    ]);
  });

  it.each(['http://a.vault.azure.net', 'https://a.vault.azure.net/secrets', 'a.vault.azure.net'])(
    'is not %s',
    (text) => {
      expect(() => parseVaults(`https://b.c,${text}`)).toThrow(`'${text}' is not the origin of a vault`);
    },
  );
});
