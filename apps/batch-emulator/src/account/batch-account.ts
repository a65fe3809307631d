import { createHmac } from 'node:crypto';
import type { JsonObject } from '../util/json';
import type { Micros } from '../util/time';

export const AUTHENTICATION_MODES = ['SharedKey', 'AAD', 'TaskAuthenticationToken'] as const;
export type AuthenticationMode = (typeof AUTHENTICATION_MODES)[number];

export type KeyName = 'primary' | 'secondary';
export type AccountKeys = Readonly<Record<KeyName, string>>;

/** A Batch account as a resource ("Batch Account - Get"). */
export interface BatchAccount {
  name: string;
  subscription: string;
  resourceGroup: string;
  location: string;
  keys: AccountKeys;
  modes: readonly AuthenticationMode[];
  /** When the keys of the auto-storage account were last read. */
  lastKeySync: Micros;
  tags?: JsonObject;
  identity?: JsonObject;
  /** Properties that are kept and shown, and change nothing here. */
  inert: JsonObject;
  modified: Micros;
}

/** The resource id in management. */
export function accountId({ subscription, resourceGroup, name }: BatchAccount): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${name}`;
}

/** The secondary key follows from the primary until it is regenerated, so that one option gives both. */
export function keysFrom(primary: string): AccountKeys {
  const hmac = createHmac('sha512', Buffer.from(primary, 'base64'));
  return { primary, secondary: hmac.update('secondary').digest('base64') };
}
