import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInVault {
  /** Origin, as `WINDROW_KEY_VAULTS` takes it. */
  url: string;
  secrets: Map<string, string>;
  /** Status to answer with instead of a secret; set by a test. */
  down: number | undefined;
  /** Paths that were asked for, without their query. */
  seen: string[];
  stop(): Promise<void>;
}

/** The one operation of Key Vault that Windrow uses ("Get Secret"), on loopback and without a sign-in. */
export async function startVault(): Promise<StandInVault> {
  const secrets = new Map<string, string>();
  const seen: string[] = [];
  const vault = { secrets, seen, down: undefined as number | undefined };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://vault');
    seen.push(pathname);
    const [, , name = '', version = ''] = pathname.split('/');
    const value = secrets.get(version === '' ? name : `${name}/${version}`);
    const status = vault.down ?? (searchParams.get('api-version') === '7.4' ? (value === undefined ? 404 : 200) : 400);
    response.writeHead(status, { 'content-type': 'application/json' });
    const fault = { error: { code: 'SecretNotFound', message: `There is no ${name}.` } };
    response.end(JSON.stringify(status === 200 ? { id: pathname, value } : fault));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(vault, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
