/** Secrets of Azure Key Vault, as specifications name them and deployments allow them. */

export interface SecretAddress {
  /** Origin of the vault, such as `https://team.vault.azure.net`. */
  vault: string;
  name: string;
  version?: string;
}

/** Key Vault's rules for names and versions (Azure Key Vault, "About keys, secrets and certificates"). */
const SECRET_PATH = /^\/secrets\/([A-Za-z0-9-]{1,127})(?:\/([A-Za-z0-9]{1,64}))?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Parts of a `keyVaultSecret`; undefined when it is not the address of a secret. Plain http is for loopback only. */
export function parseSecretUrl(text: string): SecretAddress | undefined {
  const url = vaultUrl(text);
  const match = url && SECRET_PATH.exec(url.pathname);
  if (!match) return undefined;
  const [, name = '', version] = match;
  return { vault: url.origin, name, ...(version !== undefined && { version }) };
}

/**
 * Origins of a comma-separated list of vaults, such as `https://team.vault.azure.net`.
 * @throws RangeError naming the entry that is none
 */
export function parseVaults(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const url = vaultUrl(entry);
      if (url?.pathname === '/') return url.origin;
      throw new RangeError(`'${entry}' is not the origin of a vault, such as https://team.vault.azure.net`);
    });
}

function vaultUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isPlain && isSafe ? url : undefined;
}
