import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWSHeaderParameters } from 'jose';
import { DependencyUnavailableError } from '../../common/errors';
import type { IssuerConfig } from '../access-config';

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Keys are fetched again after this, while the old ones go on: an issuer that is down locks nobody out. */
const MAX_AGE_MS = 10 * 60_000;
/** Least time between two fetches, so that tokens with made-up key ids cannot make us a nuisance. */
const COOLDOWN_MS = 30_000;
/** The same after a fetch that failed. */
const FAILED_COOLDOWN_MS = 5000;
const TIMEOUT_MS = 5000;

/** The public keys of one issuer: found by discovery (or named), kept, and fetched again when a token names another. */
export class IssuerKeys {
  private keys: KeySet | undefined;
  private fetchedAt = -Infinity;
  private triedAt = -Infinity;
  private fetching: Promise<void> | undefined;

  constructor(private readonly config: Pick<IssuerConfig, 'issuer' | 'jwksUri'>) {}

  /** The key that a token says it is signed with. @throws DependencyUnavailableError; JWKSNoMatchingKey */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput) {
    if (!this.keys) await this.refresh();
    else if (Date.now() - this.fetchedAt > MAX_AGE_MS && this.mayFetch()) await this.refreshIfPossible();
    if (!this.keys) throw this.unavailable();
    try {
      return await this.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayFetch()) throw error;
      await this.refreshIfPossible();
      return this.keys(header, token);
    }
  }

  private mayFetch(): boolean {
    const failed = this.triedAt > this.fetchedAt;
    return Date.now() - this.triedAt >= (failed ? FAILED_COOLDOWN_MS : COOLDOWN_MS);
  }

  private async refreshIfPossible(): Promise<void> {
    await this.refresh().catch((error: unknown) => {
      if (!(error instanceof DependencyUnavailableError)) throw error;
    });
  }

  /** One fetch for all who need it at once. */
  private async refresh(): Promise<void> {
    if (!this.fetching && !this.mayFetch()) throw this.unavailable();
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    await this.fetching;
  }

  private async fetch(): Promise<void> {
    this.triedAt = Date.now();
    try {
      const uri = this.config.jwksUri ?? (await this.discover());
      this.keys = createLocalJWKSet((await getJson(uri)) as unknown as JSONWebKeySet);
      this.fetchedAt = this.triedAt;
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private async discover(): Promise<string> {
    const { issuer } = this.config;
    const found = await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (found['issuer'] !== issuer) throw new Error(`its discovery document is of ${String(found['issuer'])}`);
    if (typeof found['jwks_uri'] !== 'string') throw new Error('its discovery document names no jwks_uri');
    return found['jwks_uri'];
  }

  private unavailable(cause?: unknown): DependencyUnavailableError {
    const detail = `The keys of issuer ${this.config.issuer} could not be fetched, so its tokens cannot be checked now.`;
    return new DependencyUnavailableError('identity provider', { detail, cause, retryAfterMs: FAILED_COOLDOWN_MS });
  }
}

async function getJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}
