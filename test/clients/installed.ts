import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type ClientName = 'python15' | 'python14' | 'azureCli' | 'java' | 'schemathesis';

export type Installed = { directory: string } | { missing: string };

const MANIFEST = path.resolve(__dirname, '../../.windrow/clients.json');

/** Where scripts/clients.mjs put a client, or why it is not there. */
export function installed(name: ClientName): Installed {
  if (!existsSync(MANIFEST)) return { missing: 'it is not installed; `npm run clients` does that' };
  const all = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Partial<Record<ClientName, Installed>>;
  return all[name] ?? { missing: 'it is not installed; `npm run clients` does that' };
}
