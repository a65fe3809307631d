import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const AUDIENCE = 'api://windrow';

/** `undefined` takes a claim away. */
export type Claims = { [name in keyof JWTPayload]?: JWTPayload[name] | undefined };

/** An identity provider on loopback: discovery, keys, and tokens as a test wants them. */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const state = { issuer: '', keys: [jwk as Record<string, unknown>], down: false, fetches: 0 };
  const server = createServer((request, response) => {
    if (state.down) return void response.writeHead(500).end();
    const discovery = request.url === '/.well-known/openid-configuration';
    if (!discovery) state.fetches += 1;
    response.setHeader('Content-Type', 'application/json');
    const { issuer, keys } = state;
    response.end(JSON.stringify(discovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    state,
    get url() {
      return state.issuer;
    },
    privateKey,
    /** The public key as text: what an attacker takes for the secret of HS256. */
    publicText: await exportSPKI(publicKey),
    /** A token as it should be, but for what is given. */
    token: (
      claims: Claims = {},
      {
        kid = 'k1',
        alg = 'RS256',
        key = privateKey,
      }: { kid?: string; alg?: string; key?: CryptoKey | Uint8Array } = {},
    ): Promise<string> => {
      const now = Math.floor(Date.now() / 1000);
      const payload: Claims = { iss: state.issuer, aud: AUDIENCE, sub: 'u1', iat: now, exp: now + 600, ...claims };
      return new SignJWT(payload as JWTPayload).setProtectedHeader({ alg, kid }).sign(key);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
