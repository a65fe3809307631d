import type { ClusterRow, JobRow } from '@windrow/contract';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import { StorageRefusedError, createStorage, storageConfigFromConnectionString } from './index';
import type { Catalogue } from './index';

describe('Catalogue', () => {
  let azurite: RunningAzurite;
  let sut: Catalogue;

  beforeAll(async () => {
    azurite = await startAzurite();
    sut = createStorage(storageConfigFromConnectionString(azurite.connectionString)).catalogue;
    await sut.ensure();
    await sut.ensure();
  });
  afterAll(() => azurite.stop());

  it('returns a row as it was put, the latest put winning', async () => {
    const row = job('w', 'one', 0, { displayName: "O'Neill" });
    await sut.putJob(row);
    await sut.putJob({ ...row, state: 'running' });
    expect(await sut.getJob(row, row.uid, row.createdTime)).toEqual({ ...row, state: 'running' });
    expect(await sut.getJob(row, 'other', row.createdTime)).toBeUndefined();
  });

  it('keeps rows above the size of a property, and lets them shrink again', async () => {
    const big = job('w', 'big', 1, { displayName: `x${'€😀'.repeat(20_000)}` });
    await sut.putJob(big);
    const read = await sut.getJob(big, big.uid, big.createdTime);
    expect(read?.displayName === big.displayName).toBe(true);
    const small = { ...big, displayName: 'small' };
    await sut.putJob(small);
    expect(await sut.getJob(big, big.uid, big.createdTime)).toEqual(small);
  });

  it('changes a row only as long as nobody else does meanwhile', async () => {
    const row = job('w', 'changed', 1);
    expect(await sut.changeJob(row, () => row)).toBe('absent');
    await sut.putJob(row);
    expect(await sut.changeJob(row, () => undefined)).toBe('unchanged');
    const change = (n: number) => sut.changeJob(row, (now) => (now.redrives ? undefined : { ...now, redrives: n }));
    const outcomes = await Promise.all([1, 2, 3, 4].map(change));
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1);
    const winner = outcomes.indexOf('changed') + 1;
    expect(await sut.getJob(row, row.uid, row.createdTime)).toEqual({ ...row, redrives: winner });
  });

  it('refuses a row that no entity can hold', async () => {
    const row = job('w', 'huge', 1, { displayName: 'x'.repeat(600_000) });
    await expect(sut.putJob(row)).rejects.toMatchObject({ name: 'StorageRefusedError', code: 'EntityTooLarge' });
  });

  it('lists jobs latest first, page by page', async () => {
    for (let n = 0; n < 7; n += 1) await sut.putJob(job('paged', `j${n}`, n));
    await sut.putJob({ ...job('paged', 'elsewhere', 8), experiment: 'other' });
    const first = await sut.listJobs({ workspace: 'paged', experiment: 'e', pageSize: 3 });
    const second = await sut.listJobs({ workspace: 'paged', experiment: 'e', pageSize: 3, ...next(first) });
    const third = await sut.listJobs({ workspace: 'paged', experiment: 'e', pageSize: 3, ...next(second) });
    const names = [first, second, third].map(({ rows }) => rows.map((row) => row.job));
    expect(names).toEqual([['j6', 'j5', 'j4'], ['j3', 'j2', 'j1'], ['j0']]);
    expect(third.nextPageToken).toBeUndefined();
  });

  it('has no next page when the last one is full', async () => {
    for (let n = 0; n < 2; n += 1) await sut.putJob(job('full', `j${n}`, n));
    const page = await sut.listJobs({ workspace: 'full', experiment: 'e', pageSize: 2 });
    expect(page).toMatchObject({ rows: [{ job: 'j1' }, { job: 'j0' }] });
    expect(page.nextPageToken).toBeUndefined();
  });

  it('filters by state', async () => {
    for (let n = 0; n < 6; n += 1) {
      await sut.putJob(job('states', `j${n}`, n, { state: n % 2 ? 'failed' : 'succeeded' }));
    }
    const query = { workspace: 'states', experiment: 'e', states: ['failed' as const], pageSize: 2 };
    const first = await sut.listJobs(query);
    const second = await sut.listJobs({ ...query, ...next(first) });
    expect(first.rows.map((row) => row.job)).toEqual(['j5', 'j3']);
    expect(second).toMatchObject({ rows: [{ job: 'j1' }] });
    expect(second.nextPageToken).toBeUndefined();
  });

  describe('a listing by', () => {
    const scope = { workspace: 'indexed', experiment: 'e' };
    const even = { parity: 'even' };
    const names = ({ rows }: { rows: JobRow[] }) => rows.map((row) => row.job);
    const list = async (query: object) => names(await sut.listJobs({ ...scope, pageSize: 50, ...query }));
    const label = (label: string, value: string) => ({ label, value });

    beforeAll(async () => {
      for (let n = 0; n < 12; n += 1) {
        const labels: Record<string, string> = { ...(n % 2 === 0 && even), 'a/b#?': `of "${n % 3}"` };
        await sut.putJob(job('indexed', `j${n}`, n, { labels, state: n < 4 ? 'failed' : 'succeeded' }));
      }
    });

    it('labels has the jobs that have all of them', async () => {
      expect(await list({ labels: [label('parity', 'even')] })).toEqual(['j10', 'j8', 'j6', 'j4', 'j2', 'j0']);
      expect(await list({ labels: [label('parity', 'even'), label('a/b#?', 'of "0"')] })).toEqual(['j6', 'j0']);
      expect(await list({ labels: [label('parity', 'odd')] })).toEqual([]);
    });

    it('labels and states together, and several states', async () => {
      expect(await list({ labels: [label('parity', 'even')], states: ['failed'] })).toEqual(['j2', 'j0']);
      expect(await list({ states: ['failed', 'succeeded', 'running'] })).toHaveLength(12);
      expect(await list({ states: ['running'] })).toEqual([]);
    });

    it('time leaves out the bounds themselves, with and without other conditions', async () => {
      const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();
      const within = { createdAfter: at(2), createdBefore: at(6) };
      expect(await list(within)).toEqual(['j5', 'j4', 'j3']);
      expect(await list({ ...within, states: ['succeeded'] })).toEqual(['j5', 'j4']);
      expect(await list({ ...within, labels: [label('parity', 'even')] })).toEqual(['j4']);
    });

    it('labels goes on from page to page, and refuses the token of other labels', async () => {
      const query = { ...scope, labels: [label('parity', 'even')], pageSize: 4 };
      const first = await sut.listJobs(query);
      expect(names(first)).toEqual(['j10', 'j8', 'j6', 'j4']);
      const second = await sut.listJobs({ ...query, ...next(first) });
      expect(names(second)).toEqual(['j2', 'j0']);
      expect(second.nextPageToken).toBeUndefined();
      const other = sut.listJobs({ ...query, labels: [label('parity', 'odd')], ...next(first) });
      await expect(other).rejects.toMatchObject({ code: 'InvalidPageToken' });
    });

    it('state follows the row, and a deleted job is in none', async () => {
      const moved = job('moved', 'one', 0);
      const states = async () => {
        const pages = (['queued', 'running', 'failed'] as const).map((state) =>
          sut.listJobs({ ...scope, workspace: 'moved', states: [state], pageSize: 5 }),
        );
        return (await Promise.all(pages)).map(({ rows }) => rows.length);
      };
      await sut.putJob(moved);
      expect(await states()).toEqual([1, 0, 0]);
      await sut.putJob({ ...moved, state: 'running' });
      expect(await states()).toEqual([0, 1, 0]);
      await sut.changeJob(moved, (row) => ({ ...row, state: 'failed' }));
      expect(await states()).toEqual([0, 0, 1]);
      await sut.deleteJob(moved, moved.uid, moved.createdTime);
      expect(await states()).toEqual([0, 0, 0]);
    });

    it('labels follows what the owner notes, fifty labels at once too, and no later row of the workflow undoes it', async () => {
      const many = (prefix: string) => Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${prefix}${n}`, 'x']));
      const row = job('noted', 'one', 0, { displayName: 'before', labels: many('old') });
      const found = async (name: string) =>
        names(await sut.listJobs({ ...scope, workspace: 'noted', labels: [label(name, 'x')], pageSize: 5 }));
      expect(await sut.noteJob(row, () => ({ displayName: null, labels: {} }))).toBe(false);
      await sut.putJob(row);
      expect(await sut.noteJob(row, () => ({ displayName: null, labels: many('new') }))).toBe(true);
      await sut.putJob({ ...row, state: 'running' });
      expect(await found('new49')).toEqual(['one']);
      expect(await found('old49')).toEqual([]);
      const read = await sut.getJob(row, row.uid, row.createdTime);
      expect(read).toMatchObject({ state: 'running', labels: many('new') });
      expect(read?.displayName).toBeUndefined();
    });
  });

  it('keeps both of two changes that meet: of the state by the workflow, of the labels by the owner', async () => {
    const row = job('meeting', 'one', 0);
    await sut.putJob(row);
    const labelled = (n: number) =>
      sut.noteJob(row, (now) => ({ displayName: null, labels: { ...now.labels, [n]: 'x' } }));
    await Promise.all([1, 2, 3, 4].flatMap((n) => [labelled(n), sut.putJob({ ...row, state: 'running' })]));
    const query = { workspace: 'meeting', experiment: 'e', states: ['running' as const], pageSize: 5 };
    const labels = [1, 2, 3, 4].map((n) => ({ label: String(n), value: 'x' }));
    expect((await sut.listJobs({ ...query, labels })).rows).toHaveLength(1);
  });

  it('refuses the token of another listing', async () => {
    for (let n = 0; n < 3; n += 1) await sut.putJob(job('tokens', `j${n}`, n));
    const listing = { workspace: 'tokens', experiment: 'e', pageSize: 1 };
    const token = next(await sut.listJobs(listing));
    expect((await sut.listJobs({ ...listing, ...token })).rows).toMatchObject([{ job: 'j1' }]);
    const refused = { code: 'InvalidPageToken' };
    await expect(sut.listJobs({ ...listing, experiment: 'f', ...token })).rejects.toMatchObject(refused);
    await expect(sut.listJobs({ ...listing, states: ['failed'], ...token })).rejects.toMatchObject(refused);
    await expect(sut.listClusters({ workspace: 'tokens', pageSize: 1, ...token })).rejects.toMatchObject(refused);
  });

  it.each(['nonsense!', Buffer.from("' or 1 eq 1").toString('base64url'), ''])(
    'refuses the token %j',
    async (pageToken) => {
      const listing = sut.listJobs({ workspace: 'w', experiment: 'e', pageSize: 2, pageToken });
      await expect(listing).rejects.toThrow(StorageRefusedError);
      await expect(listing).rejects.toMatchObject({ code: 'InvalidPageToken' });
    },
  );

  it('deletes jobs, twice if need be', async () => {
    const row = job('w', 'deleted', 3);
    await sut.putJob(row);
    await sut.deleteJob(row, row.uid, row.createdTime);
    await sut.deleteJob(row, row.uid, row.createdTime);
    expect(await sut.getJob(row, row.uid, row.createdTime)).toBeUndefined();
  });

  it('loses no note on a cluster when two are written at once', async () => {
    await sut.putCluster(cluster('noted'));
    const key = { workspace: 'w', cluster: 'noted' };
    const label = (name: string) =>
      sut.noteCluster(key, ({ labels = {} }) => ({ displayName: null, labels: { ...labels, [name]: 'x' } }));
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(await Promise.all(names.map(label))).toEqual(names.map(() => true));
    expect(Object.keys((await sut.getCluster(key))!.labels!).sort()).toEqual(names);
    await sut.deleteCluster(key);
    expect(await label('f')).toBe(false);
  });

  it('lists named clusters by name and never the ephemeral ones', async () => {
    for (const name of ['b', 'a', '~uid1', 'c']) await sut.putCluster(cluster(name));
    const first = await sut.listClusters({ workspace: 'w', pageSize: 2 });
    const second = await sut.listClusters({ workspace: 'w', pageSize: 2, ...next(first) });
    expect([...first.rows, ...second.rows].map((row) => row.cluster)).toEqual(['a', 'b', 'c']);
    expect(await sut.getCluster({ workspace: 'w', cluster: '~uid1' })).toEqual(cluster('~uid1'));
    await sut.deleteCluster({ workspace: 'w', cluster: '~uid1' });
    expect(await sut.getCluster({ workspace: 'w', cluster: '~uid1' })).toBeUndefined();
  });

  describe('progress', () => {
    const counts = { total: 9, pending: 0, active: 1, running: 3, succeeded: 5, failed: 0 };
    const progress = {
      live: '1',
      counts,
      progress: { done: 5, total: 9, unit: 'tasks' as const },
      nodeSeconds: 7,
      updatedTime: 'later',
    };
    const read = (row: JobRow) => sut.getJob(row, row.uid, row.createdTime);

    it('is laid over the row of the wave it is of, also after the row was written again', async () => {
      const row = job('progress', 'live', 1, { live: '1' });
      await sut.putJob(row);
      await sut.putJobProgress(row, progress);
      expect((await read(row))?.counts).toEqual(counts);
      await sut.putJob({ ...row, phase: 'another write' });
      expect(await read(row)).toMatchObject({ phase: 'another write', counts });
      expect((await sut.listJobs({ workspace: 'progress', experiment: 'e', pageSize: 9 })).rows[0]?.counts).toEqual(
        counts,
      );
    });

    it('of an earlier wave, or of a job that is over, is not shown', async () => {
      const row = job('progress', 'stale', 2, { live: '1' });
      await sut.putJob(row);
      await sut.putJobProgress(row, progress);
      await sut.putJob({ ...row, live: '2' });
      expect((await read(row))?.counts).toEqual(row.counts);
      const { live: _live, ...over } = row;
      await sut.putJob(over);
      expect((await read(row))?.counts).toEqual(row.counts);
    });

    it('of a job without a row is dropped', async () => {
      const row = job('progress', 'unborn', 3);
      await sut.putJobProgress(row, progress);
      expect(await read(row)).toBeUndefined();
    });

    it('a row that became shorter leaves nothing of the longer one behind', async () => {
      const row = job('progress', 'shrinks', 4);
      await sut.putJob({ ...row, displayName: 'x'.repeat(100_000) });
      await sut.putJob(row);
      expect(await read(row)).toEqual(row);
    });
  });
});

function next(page: { nextPageToken?: string }) {
  return page.nextPageToken === undefined ? {} : { pageToken: page.nextPageToken };
}

function job(workspace: string, name: string, second: number, more: Partial<JobRow> = {}): JobRow {
  const createdTime = new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();
  return {
    workspace,
    experiment: 'e',
    job: name,
    uid: `u-${name}`,
    labels: {},
    state: 'queued',
    phase: 'queued',
    createdTime,
    updatedTime: createdTime,
    counts: { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 },
    failures: [],
    timings: [],
    ...more,
  };
}

function cluster(name: string): ClusterRow {
  return {
    workspace: 'w',
    cluster: name,
    template: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } },
    state: 'steady',
    poolId: `pool-${name}`,
    vmSize: 'standard_d2s_v3',
    nodes: { target: 0, current: 0, usable: 0, failed: 0 },
    leases: [],
    queued: [],
    createdTime: '2024-01-01T00:00:00Z',
    updatedTime: '2024-01-01T00:00:00Z',
  };
}
