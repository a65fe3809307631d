import { Journal } from '../store/journal';
import type { Store, StoredRecord } from '../store/store';
import { SystemClock } from '../util/clock';
import { Account, type AccountOptions } from './account';
import { keysFrom } from './batch-account';
import { DEFAULT_QUOTAS } from './quotas';

describe('Account', () => {
  const options: AccountOptions = {
    ...{ name: 'own', key: 'a2V5', subscription: 's', resourceGroup: 'g', region: 'r' },
    ...{ storage: undefined, quotas: DEFAULT_QUOTAS },
  };
  function newAccount(changes: Partial<AccountOptions> = {}): { account: Account; written: StoredRecord[] } {
    const written: StoredRecord[] = [];
    const store: Store = {
      durable: true,
      append: (record) => written.push(JSON.parse(JSON.stringify(record)) as StoredRecord),
      flush: () => undefined,
      close: () => Promise.resolve(),
    };
    return { account: new Account({ ...options, ...changes }, new Journal(store), new SystemClock()), written };
  }

  /** A key, another account that came and one that went, an application that went, a certificate. */
  function change(account: Account): void {
    account.regenerateKey(account.own, 'secondary');
    account.save(account.create('other', 's', 'g2', 'r2'));
    account.save(account.create('gone', 's', 'g2', 'r2'));
    account.accounts.delete('GONE');
    account.applications.put('App', { displayName: 'shown', allowUpdates: false });
    account.applications.delete(account.applications.put('gone', {}));
    const thumbprint = 'AB'.repeat(20);
    account.certificates.add({ thumbprint, thumbprintAlgorithm: 'sha1', data: 'cGZ4', password: 'secret' });
  }
  const stateOf = (account: Account): unknown => [
    account.all(),
    account.applications.table.values(),
    account.certificates.table.values(),
  ];

  it('comes back from its journal, and from a snapshot', () => {
    const { account, written } = newAccount();
    change(account);
    for (const records of [written, [...account.records()]]) {
      const again = newAccount().account;
      for (const record of records) again.restore(JSON.parse(JSON.stringify(record)) as StoredRecord);
      expect(stateOf(again)).toEqual(stateOf(account));
    }
    expect(account.all().map(({ name }) => name)).toEqual(['own', 'other']);
  });

  it('writes down no password of a certificate', () => {
    const { account, written } = newAccount();
    change(account);
    expect(JSON.stringify(written)).not.toContain('secret');
  });

  it('where it lives and its keys are options of every start, but regenerated keys are kept', () => {
    const { account, written } = newAccount();
    account.save({ ...account.own, tags: { a: 'b' } });
    const moved = newAccount({ resourceGroup: 'elsewhere', key: 'b3RoZXI=' }).account;
    for (const record of written) moved.restore(record);
    expect(moved.own).toMatchObject({ resourceGroup: 'elsewhere', keys: keysFrom('b3RoZXI='), tags: { a: 'b' } });
    account.regenerateKey(account.own, 'primary');
    for (const record of written) moved.restore(record);
    expect(moved.own.keys.primary).toBe(account.own.keys.primary);
    expect(moved.own.keys.secondary).toBe(keysFrom('b3RoZXI=').secondary);
  });

  it('the secondary key follows from the primary until it is regenerated', () => {
    const { account } = newAccount();
    expect(account.own.keys).toEqual(keysFrom('a2V5'));
    expect(account.own.keys.secondary).not.toBe(account.own.keys.primary);
    expect(account.regenerateKey(account.own, 'secondary').keys.primary).toBe('a2V5');
  });
});
