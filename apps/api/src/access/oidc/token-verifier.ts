import { Injectable } from '@nestjs/common';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { UnauthenticatedError } from '../../common/errors';
import type { IssuerConfig } from '../access-config';
import { AccessSettings } from '../access-settings';
import { IssuerKeys } from './issuer-keys';

/** Signatures only an issuer can make. Those of a shared secret (HS*) anybody could, who knows the public key. */
const ALGORITHMS = ['RS256', 'ES256'];
const LEEWAY_SECONDS = 60;
/** Names and groups are kept in memory and looked up one by one. */
const MAX_VALUES = 300;

/** What a token that was verified says of its bearer. */
export interface TokenIdentity {
  issuer: string;
  /** Never used again for somebody else. */
  subject: string;
  displayName?: string;
  roles: string[];
  groups: string[];
  administrator: boolean;
  expiresTime: string;
}

/** Verifies bearer tokens against the keys of the issuers that are configured. */
@Injectable()
export class TokenVerifier {
  private readonly issuers: { config: IssuerConfig; keys: IssuerKeys }[];

  constructor(settings: AccessSettings) {
    this.issuers = settings.config.issuers.map((config) => ({ config, keys: new IssuerKeys(config) }));
  }

  /** @throws UnauthenticatedError TokenInvalid, TokenExpired; DependencyUnavailableError when its keys cannot be had */
  async verify(token: string): Promise<TokenIdentity> {
    const issuer = issuerOf(token);
    const known = this.issuers.find(({ config }) => config.issuer === issuer);
    if (!known) throw invalid('its issuer is none that this installation trusts');
    const { config, keys } = known;
    try {
      const { payload } = await jwtVerify(token, (header, jws) => keys.find(header, jws), {
        algorithms: ALGORITHMS,
        issuer: config.issuer,
        audience: config.audience,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['exp'],
        currentDate: new Date(Date.now()),
      });
      return identityOf(payload, config);
    } catch (error) {
      throw refusal(error);
    }
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw invalid('it is no JSON Web Token. API keys begin with wdr_');
  }
}

function identityOf(payload: JWTPayload, config: IssuerConfig): TokenIdentity {
  const subject = subjectOf(payload, config.issuer);
  if (subject === undefined) throw invalid('it names no subject (claim sub)');
  const roles = values(payload[config.rolesClaim]);
  const groups = config.groupsClaim === undefined ? [] : values(payload[config.groupsClaim]);
  const name = payload['name'] ?? payload['preferred_username'] ?? payload['azp'] ?? payload['appid'];
  return {
    issuer: config.issuer,
    subject,
    ...(typeof name === 'string' && { displayName: name.slice(0, 200) }),
    roles,
    groups,
    administrator: [...roles, ...groups].some((value) => config.administrators.includes(value)),
    expiresTime: new Date((payload.exp ?? 0) * 1000).toISOString(),
  };
}

/**
 * Entra ID gives a user another `sub` for each application; `oid` is the same in the whole tenant, which is `tid` and a
 * part of the issuer (Microsoft identity platform, "Access token claims reference").
 */
function subjectOf({ sub, oid, tid }: JWTPayload, issuer: string): string | undefined {
  const inTenant = typeof tid === 'string' && tid !== '' && issuer.split('/').includes(tid);
  if (inTenant && typeof oid === 'string' && oid !== '') return oid;
  return sub === '' ? undefined : sub;
}

function values(claim: unknown): string[] {
  const list = typeof claim === 'string' ? [claim] : Array.isArray(claim) ? claim : [];
  return list.filter((value): value is string => typeof value === 'string' && value !== '').slice(0, MAX_VALUES);
}

/** The library's errors in words for whoever sent the token; anything else is handed on. */
function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return new UnauthenticatedError(
      'TokenExpired',
      'The token has expired. Get a new one from your identity provider.',
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its claim '${error.claim}' is not as it must be`);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid(`it is signed otherwise than with ${ALGORITHMS.join(' or ')}`);
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid('it is signed with a key that its issuer does not have');
  if (error instanceof errors.JOSEError) return invalid('its signature or form is not valid');
  return error;
}

function invalid(why: string): UnauthenticatedError {
  return new UnauthenticatedError('TokenInvalid', `The token is refused: ${why}.`);
}
