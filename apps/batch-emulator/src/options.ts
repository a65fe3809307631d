import type { AccountOptions } from './account/account';
import { AutoStorage } from './account/auto-storage';
import { DEFAULT_QUOTAS, type AccountQuotas } from './account/quotas';
import type { AnalyticsOptions } from './analytics';
import {
  DEFAULT_REGION,
  DEFAULT_RESOURCE_GROUP,
  DEFAULT_SUBSCRIPTION,
  WELL_KNOWN_ACCOUNT,
  WELL_KNOWN_KEY,
} from './constants';
import type { Tls } from './http/server';
import type { Timing } from './model/world';
import type { Log } from './util/log';

export interface EmulatorOptions extends AnalyticsOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0, a free port. */
  port?: number;
  /** Where state is kept; without one it is forgotten at the end. */
  location?: string;
  account?: string;
  /** Base64; default the well-known development key. */
  accountKey?: string;
  /** Where the account lives for management clients. */
  subscription?: string;
  resourceGroup?: string;
  region?: string;
  /** Takes every bearer token for a good one; without it none. */
  bearer?: boolean;
  /** Speaks https instead of http. */
  tls?: Tls;
  /** Connection string of the auto-storage account, for application packages and staged files. */
  storage?: string;
  quotas?: Partial<AccountQuotas>;
  /** Where the folders lie that stand for mounted shares; by default below the state. */
  mounts?: string;
  /** Program that takes docker's command line, or `none`; by default the PATH is searched. */
  containerEngine?: string;
  /** A port of its own for `/emulator/`, on the loopback address; 0 for a free one. */
  adminPort?: number;
  /** File with the faults to order at start. */
  scenario?: string;
  timing?: Partial<Timing>;
  /** How many times as fast as real time the emulated cloud's time passes; default 1. */
  timeScale?: number;
  log?: Log;
  /** The journal cannot be written any more: the emulator answers nothing from then on and is to be ended. */
  onFailure?: (error: Error) => void;
}

/** The account as the options describe it. */
export function accountOptions(options: EmulatorOptions): AccountOptions {
  return {
    name: options.account ?? WELL_KNOWN_ACCOUNT,
    key: options.accountKey ?? WELL_KNOWN_KEY,
    subscription: options.subscription ?? DEFAULT_SUBSCRIPTION,
    resourceGroup: options.resourceGroup ?? DEFAULT_RESOURCE_GROUP,
    region: options.region ?? DEFAULT_REGION,
    storage: options.storage === undefined ? undefined : AutoStorage.parse(options.storage),
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
  };
}
