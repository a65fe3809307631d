import { parseSecretUrl } from '@windrow/contract';
import type { SecretAddress, SecretReference } from '@windrow/contract';
import { SecretError, SecretUnavailableError } from './errors';

/** Signs in to vaults; what `@azure/identity` gives. */
export interface TokenSource {
  getToken(scope: string): Promise<{ token: string } | null>;
}

const API_VERSION = '7.4';
const TIME_LIMIT_MS = 30_000;

/** Reads secrets over Key Vault's REST interface ("Get Secret", version 7.4), in the name of this deployment. */
export class SecretReader {
  constructor(
    /** Origins of the vaults that jobs may name: this deployment may be able to read more than its customers may. */
    private readonly vaults: readonly string[],
    private readonly credential: TokenSource,
  ) {}

  /**
   * Values by variable, as they are in the vaults at this moment.
   * @throws SecretError what the customer or the operator has to put right; SecretUnavailableError what passes
   */
  async read(secrets: Record<string, SecretReference>): Promise<Record<string, string>> {
    const entries = Object.entries(secrets).map(async ([variable, { keyVaultSecret }]) => {
      return [variable, await this.readOne(`$.task.secrets.${variable}.keyVaultSecret`, keyVaultSecret)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** One value. `path`: where the specification names it. Errors are those of {@link read}. */
  async readOne(path: string, url: string): Promise<string> {
    const address = parseSecretUrl(url);
    if (!address || !this.vaults.includes(address.vault)) {
      const text = `This deployment does not read from the vault of secret ${url}. Its operator can add the vault to WINDROW_KEY_VAULTS.`;
      throw new SecretError('VaultNotAllowed', path, text);
    }
    const response = await this.ask(url, address);
    if (response.status === 200) return valueOf(response, url);
    await response.body?.cancel();
    throw refusal(response, path, url);
  }

  private async ask(url: string, address: SecretAddress): Promise<Response> {
    const { vault, name, version = '' } = address;
    const authorization = await this.authorization(vault, url);
    try {
      return await fetch(`${vault}/secrets/${name}/${version}?api-version=${API_VERSION}`, {
        headers: { accept: 'application/json', ...authorization },
        // A token must not follow an answer to somewhere else.
        redirect: 'error',
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
    } catch (error) {
      throw new SecretUnavailableError(`The vault of secret ${url} does not answer.`, undefined, error);
    }
  }

  /** Tokens are never sent over plain http, which only a stand-in on loopback speaks. */
  private async authorization(vault: string, url: string): Promise<Record<string, string>> {
    if (!vault.startsWith('https:')) return {};
    try {
      const token = await this.credential.getToken(scopeOf(vault));
      return token ? { authorization: `Bearer ${token.token}` } : {};
    } catch (error) {
      const text = `Windrow could not sign in to the vault of secret ${url}.`;
      throw new SecretUnavailableError(text, undefined, error);
    }
  }
}

/** The service behind `https://team.vault.azure.net` is `https://vault.azure.net`, in every cloud by its own suffix. */
function scopeOf(vault: string): string {
  return `https://${new URL(vault).host.replace(/^[^.]+\./, '')}/.default`;
}

async function valueOf(response: Response, url: string): Promise<string> {
  // Parsed here, so that no error of a parser can quote the text.
  const body: unknown = await response.json().catch(() => undefined);
  const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
  if (typeof value === 'string') return value;
  throw new SecretUnavailableError(`The vault of secret ${url} answered without a value.`, undefined);
}

function refusal({ status, headers }: Response, path: string, url: string): Error {
  if (status === 404) {
    const text = `Secret ${url} does not exist, or is disabled. Create it, or correct the address.`;
    return new SecretError('SecretNotFound', path, text);
  }
  if (status === 401 || status === 403) {
    const text = `Windrow may not read secret ${url}. Give its identity the role 'Key Vault Secrets User' on the vault, and let the vault's firewall pass.`;
    return new SecretError('SecretForbidden', path, text);
  }
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return new SecretUnavailableError(`The vault of secret ${url} cannot answer at the moment (${status}).`, wait);
  }
  return new SecretError('SecretRefused', path, `The vault refused to give secret ${url} (${status}).`);
}
