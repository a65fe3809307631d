import type { CommandLineOptions } from './config';

type Place = Pick<CommandLineOptions, 'host' | 'port' | 'account' | 'accountKey' | 'tls'>;

/** What a shell evaluates to give clients the address, the account and its key. */
export function shellExports({ host, port, account, accountKey, tls }: Place): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const variables = {
    AZURE_BATCH_ACCOUNT: account,
    AZURE_BATCH_ENDPOINT: `${tls ? 'https' : 'http'}://${name}:${port}`,
    AZURE_BATCH_ACCESS_KEY: accountKey,
  };
  return Object.entries(variables)
    .map(([variable, value]) => `export ${variable}=${quoted(value)}`)
    .join('\n');
}

/** One word to every shell, whatever is in it: the output is evaluated. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
