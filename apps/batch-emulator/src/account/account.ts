import { randomBytes } from 'node:crypto';
import { Applications } from './applications';
import type { AutoStorage } from './auto-storage';
import type { Journal } from '../store/journal';
import type { StoredRecord } from '../store/store';
import type { Clock } from '../util/clock';
import type { Micros } from '../util/time';
import { AUTHENTICATION_MODES, keysFrom, type BatchAccount, type KeyName } from './batch-account';
import { Certificates } from './certificates';
import type { AccountQuotas } from './quotas';
import { ResourceTable } from './resource-table';

export interface AccountOptions {
  name: string;
  /** Base64; the primary key until it is regenerated. */
  key: string;
  subscription: string;
  resourceGroup: string;
  region: string;
  storage: AutoStorage | undefined;
  quotas: AccountQuotas;
}

/** The emulator's own account, and what belongs to it beside pools, jobs and tasks. */
export class Account {
  readonly quotas: AccountQuotas;
  readonly region: string;
  readonly storage: AutoStorage | undefined;
  /** The emulator's own account and others that were made through management; only the own one serves pools and jobs. */
  readonly accounts: ResourceTable<BatchAccount>;
  readonly applications: Applications;
  readonly certificates: Certificates;
  private readonly initial: BatchAccount;
  private readonly tables: readonly ResourceTable<{ modified: Micros }>[];

  constructor(
    private readonly options: AccountOptions,
    journal: Journal,
    private readonly clock: Clock,
  ) {
    this.quotas = options.quotas;
    this.region = options.region;
    this.storage = options.storage;
    this.accounts = new ResourceTable('account', journal);
    this.applications = new Applications(journal, clock, options.storage);
    this.certificates = new Certificates(journal, clock);
    this.tables = [this.accounts, this.applications.table, this.certificates.table];
    this.initial = this.blank(options.name, options.subscription, options.resourceGroup, options.region, options.key);
  }

  /** The account that pools and jobs belong to. Where it lives is an option of every start, the rest is kept. */
  get own(): BatchAccount {
    const { subscription, resourceGroup, location } = this.initial;
    const kept = this.accounts.get(this.options.name);
    return kept ? { ...kept, subscription, resourceGroup, location } : this.initial;
  }

  all(): BatchAccount[] {
    return [this.own, ...this.accounts.values().filter((account) => !this.isOwn(account.name))];
  }

  isOwn(name: string): boolean {
    return name.toLowerCase() === this.options.name.toLowerCase();
  }

  find(name: string): BatchAccount | undefined {
    return this.isOwn(name) ? this.own : this.accounts.get(name);
  }

  /** "Batch Account - Create": an account with fresh keys and nothing in it. */
  create(name: string, subscription: string, resourceGroup: string, location: string): BatchAccount {
    return this.blank(name, subscription, resourceGroup, location, randomBytes(64).toString('base64'));
  }

  save(account: BatchAccount): BatchAccount {
    return this.accounts.set(account.name, { ...account, modified: this.clock.now() });
  }

  /** "Batch Account - Regenerate Key": the old key is refused from the next request on. */
  regenerateKey(account: BatchAccount, name: KeyName): BatchAccount {
    return this.save({ ...account, keys: { ...account.keys, [name]: randomBytes(64).toString('base64') } });
  }

  restore(record: StoredRecord): void {
    for (const table of this.tables) table.restore(record);
  }

  /** Everything of the account as records of a snapshot. */
  *records(): Generator<StoredRecord> {
    for (const table of this.tables) yield* table.records();
  }

  private blank(
    name: string,
    subscription: string,
    resourceGroup: string,
    location: string,
    key: string,
  ): BatchAccount {
    const now = this.clock.now();
    const keys = keysFrom(key);
    return {
      ...{ name, subscription, resourceGroup, location, keys },
      ...{ modes: AUTHENTICATION_MODES, lastKeySync: now, inert: {}, modified: now },
    };
  }
}
