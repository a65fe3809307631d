import { TableClient } from '@azure/data-tables';
import type { TransactionAction } from '@azure/data-tables';
import type { JobRow, JobState } from '@windrow/contract';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import { Catalogue } from './catalogue';
import { indexOf, keyOf } from './job-entity';
import { encodeRow } from './row-codec';

const JOBS = 2000;
const SCOPE = { workspace: 'w', experiment: 'e' };

/** A listing must cost what it returns, however many jobs there are: entities that the table hands out are counted. */
describe('a listing among very many jobs', () => {
  let azurite: RunningAzurite;
  let sut: Catalogue;
  let read = 0;

  beforeAll(async () => {
    azurite = await startAzurite();
    const table = TableClient.fromConnectionString(azurite.connectionString, 'many', { allowInsecureConnection: true });
    await table.createTable();
    for (let n = 0; n < JOBS; n += 20)
      await table.submitTransaction(Array.from({ length: 20 }, (_, k) => n + k).flatMap(actions));
    sut = new Catalogue(counting(table));
  });
  afterAll(() => azurite.stop());
  beforeEach(() => {
    read = 0;
  });

  it('by a rare state reads the index rows and the rows of those jobs, and no others', async () => {
    const { rows } = await sut.listJobs({ ...SCOPE, states: ['failed'], pageSize: 100 });
    expect(rows.map(({ job }) => job)).toEqual(['j1500', 'j500']);
    expect(read).toBeLessThanOrEqual(4);
  });

  it('by a common state reads a page', async () => {
    const query = { ...SCOPE, states: ['succeeded' as const], pageSize: 10 };
    const first = await sut.listJobs(query);
    const { rows } = await sut.listJobs({ ...query, pageToken: first.nextPageToken! });
    expect(rows.map(({ job }) => job)).toEqual(Array.from({ length: 10 }, (_, n) => `j${1989 - n}`));
    expect(read).toBeLessThanOrEqual(2 * (11 + 10));
  });

  it('by a common label and a rare state goes by the rare one', async () => {
    const labels = [{ label: 'team', value: 'aero' }];
    const { rows } = await sut.listJobs({ ...SCOPE, labels, states: ['failed'], pageSize: 5 });
    expect(rows).toHaveLength(2);
    expect(read).toBeLessThanOrEqual(30);
  });

  it('by time reads what lies between', async () => {
    const between = { createdAfter: timeOf(700), createdBefore: timeOf(704) };
    expect((await sut.listJobs({ ...SCOPE, ...between, pageSize: 50 })).rows).toHaveLength(3);
    expect(read).toBe(3);
    expect((await sut.listJobs({ ...SCOPE, ...between, states: ['succeeded'], pageSize: 50 })).rows).toHaveLength(3);
    expect(read).toBe(9);
  });

  function counting(table: TableClient): TableClient {
    const getEntity = table.getEntity.bind(table);
    table.getEntity = async (...args: Parameters<typeof getEntity>) => {
      read += 1;
      return getEntity(...args);
    };
    const listEntities = table.listEntities.bind(table);
    table.listEntities = ((...args: Parameters<typeof listEntities>) => {
      const all = listEntities(...args);
      const byPage = all.byPage.bind(all);
      all.byPage = async function* (settings) {
        for await (const page of byPage(settings)) {
          read += page.length;
          yield page;
        }
      };
      return all;
    }) as typeof table.listEntities;
    return table;
  }
});

function timeOf(n: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
}

function actions(n: number): TransactionAction[] {
  const state: JobState = n % 1000 === 500 ? 'failed' : 'succeeded';
  const createdTime = timeOf(n);
  const row = {
    ...SCOPE,
    job: `j${n}`,
    uid: `u${n}`,
    state,
    createdTime,
    labels: { team: 'aero' },
  } as Partial<JobRow> as JobRow;
  const key = keyOf(row);
  const index = indexOf(row);
  const entries = index.map((prefix): TransactionAction => [
    'create',
    { partitionKey: key.partitionKey, rowKey: `${prefix}${key.rowKey}` },
  ]);
  return [['create', { ...key, ...encodeRow(row), index: JSON.stringify(index) }], ...entries];
}
