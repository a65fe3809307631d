import { createJob, createPool, poolReady } from './fixtures';
import { Rest } from './rest';
import { until, uniqueId, type Target } from './target';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function describeConventions(target: () => Target): void {
  describe('conventions of the REST API', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    it('accepts a correct shared key and refuses a wrong one with the string it signed', async () => {
      expect((await rest.get('/pools')).status).toBe(200);
      const refused = await rest.get('/pools', { key: Buffer.from('another key').toString('base64') });
      expect(refused.status).toBe(403);
      expect(refused.json.code).toBe('AuthenticationFailed');
      expect(refused.json.values[0]).toEqual({
        key: 'AuthenticationErrorDetail',
        value: expect.stringContaining("string to sign: 'GET\n\n\n"),
      });
    });

    it.each([
      ['old', -16],
      ['future', 16],
    ])('refuses a request with an %s date', async (_name, minutes) => {
      const answer = await rest.get('/pools', { date: new Date(Date.now() + minutes * 60_000) });
      expect([answer.status, answer.json.code]).toEqual([403, 'AuthenticationFailed']);
    });

    it('refuses an unknown account, no authorization, and one it cannot read', async () => {
      expect((await rest.get('/pools', { account: 'somebodyelse' })).status).toBe(403);
      const none = await rest.get('/pools', { headers: { authorization: '' } });
      expect([400, 401]).toContain(none.status);
      const odd = await rest.get('/pools', { headers: { authorization: 'SharedKey nonsense' } });
      expect([odd.status, odd.json.code]).toEqual([400, 'InvalidAuthenticationInfo']);
    });

    it.each(['2022-10-01.16.0', '2023-11-01.18.0', '2024-02-01.19.0', '2024-07-01.20.0', '2025-06-01'])(
      'serves api-version %s',
      async (apiVersion) => {
        expect((await rest.get('/pools', { apiVersion })).status).toBe(200);
      },
    );

    it('refuses an unknown or missing api-version', async () => {
      const unknown = await rest.get('/pools', { apiVersion: '1999-01-01.1.0' });
      expect([unknown.status, unknown.json.code]).toEqual([400, 'UnsupportedRequestVersion']);
      const missing = await rest.get('/pools', { apiVersion: undefined });
      expect([missing.status, missing.json.code]).toEqual([400, 'MissingRequiredQueryParameter']);
    });

    it('answers with a GUID as request-id, and repeats it in error bodies', async () => {
      const answer = await rest.get('/pools/nosuchpool');
      expect(answer.status).toBe(404);
      expect(answer.headers['request-id']).toMatch(GUID);
      expect(answer.headers['dataserviceversion']).toBe('3.0');
      expect(answer.json.code).toBe('PoolNotFound');
      expect(answer.json.message.lang).toBe('en-US');
      expect(answer.json.message.value).toMatch(
        new RegExp(
          `^The specified pool does not exist\\.\nRequestId:${String(answer.headers['request-id'])}\nTime:.*Z$`,
        ),
      );
      expect(answer.json['odata.metadata']).toContain(
        '#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element',
      );
    });

    it('echoes client-request-id only when asked', async () => {
      const id = '9c4d50ee-2d56-4cd3-8152-34347dc9f2b0';
      expect(
        (await rest.get('/pools', { headers: { 'client-request-id': id } })).headers['client-request-id'],
      ).toBeUndefined();
      const asked = await rest.get('/pools', {
        headers: { 'client-request-id': id, 'return-client-request-id': 'true' },
      });
      expect(asked.headers['client-request-id']).toBe(id);
    });

    it('derives the ETag from the ticks of lastModified', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      const { json, headers } = await rest.get(`/pools/${poolId}`);
      const [, fraction = '0'] = /\.(\d+)Z$/.exec(json.lastModified) ?? [];
      const seconds = BigInt(Date.parse(json.lastModified.replace(/\.\d+Z$/, 'Z'))) * 10_000n;
      const ticks = seconds + BigInt(fraction.padEnd(7, '0')) + 621_355_968_000_000_000n;
      expect(json.eTag).toBe(`0x${ticks.toString(16).toUpperCase()}`);
      expect(headers['etag']).toBe(json.eTag);
    });

    it('honours conditional headers: 412 on a write, 304 on a read, quotes or not', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      const path = `/pools/${poolId}`;
      const etag = (await rest.get(path)).json.eTag;
      const change = { metadata: [{ name: 'a', value: 'b' }] };
      const stale = await rest.patch(path, change, { headers: { 'if-match': '0x8D0000000000000' } });
      expect([stale.status, stale.json.code]).toEqual([412, 'ConditionNotMet']);
      expect((await rest.get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await rest.patch(path, change, { headers: { 'if-match': `"${etag}"` } })).status).toBe(200);
      expect((await rest.patch(path, change, { headers: { 'if-match': etag } })).status).toBe(412);
      expect((await rest.patch(path, change, { headers: { 'if-match': '*' } })).status).toBe(200);
      const past = new Date(Date.now() - 3_600_000).toUTCString();
      expect((await rest.delete(path, { headers: { 'if-unmodified-since': past } })).status).toBe(412);
      const both = await rest.get(path, { headers: { 'if-match': etag, 'if-none-match': etag } });
      expect(both.json.code).toBe('MultipleConditionHeadersNotSupported');
    });

    it('refuses properties that the type does not have, nested ones as well', async () => {
      const answer = await rest.post('/pools', {
        id: uniqueId('p'),
        vmSize: 'Standard_D1_v2',
        startTask: { commandLine: 'x', comandLine: 'y' },
      });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidRequestBody']);
      expect(answer.json.values[0].key).toBe('Reason');
      expect(answer.json.values[0].value).toMatch(
        /^The property 'comandLine' does not exist on type 'Microsoft.Azure.Batch/,
      );
    });

    it('refuses bodies that are not JSON, lack a property, or hold a wrong value', async () => {
      expect((await rest.post('/pools', '{"id":')).json.code).toBe('InvalidRequestBody');
      expect((await rest.post('/pools', { id: uniqueId('p') })).json.code).toBe('MissingRequiredProperty');
      const odd = await rest.post('/pools', {
        id: uniqueId('p'),
        vmSize: 'Standard_D1_v2',
        resizeTimeout: 'five minutes',
      });
      expect([odd.status, odd.json.code]).toEqual([400, 'InvalidPropertyValue']);
    });

    it('takes numbers as strings and enums in any case', async () => {
      const poolId = await createPool(rest, {
        targetDedicatedNodes: '0',
        taskSchedulingPolicy: { nodeFillType: 'PACK' },
      });
      expect((await rest.get(`/pools/${poolId}`)).json).toMatchObject({
        targetDedicatedNodes: 0,
        taskSchedulingPolicy: { nodeFillType: 'Pack' },
      });
    });

    it('pages with absolute links, and refuses a bad maxresults', async () => {
      const jobIds = [];
      for (let count = 0; count < 3; count++) jobIds.push(await createJob(rest, 'nopool', { displayName: 'paging' }));
      const filter = jobIds.map((id) => `id eq '${id}'`).join(' or ');
      const seen: string[] = [];
      let page = await rest.get('/jobs', { query: { $filter: filter, maxresults: '2', $select: 'id' } });
      expect(page.json.value).toHaveLength(2);
      expect(page.json['odata.nextLink']).toContain('$skiptoken=WATV2:');
      for (;;) {
        seen.push(...page.json.value.map((job: { id: string }) => job.id));
        expect(page.json.value.every((job: object) => Object.keys(job).join() === 'id')).toBe(true);
        if (page.json['odata.nextLink'] === undefined) break;
        page = await rest.follow(page.json['odata.nextLink']);
      }
      expect(seen.sort()).toEqual(jobIds.sort());
      const bad = await rest.get('/jobs', { query: { maxresults: '-5' } });
      expect(bad.json.values).toEqual([
        { key: 'QueryParameterName', value: 'maxresults' },
        { key: 'QueryParameterValue', value: '-5' },
        { key: 'Reason', value: 'MaxResults cannot be less than 1' },
      ]);
    });

    it('a list skips nothing when what was listed is deleted meanwhile', async () => {
      const six = Array.from({ length: 6 });
      const poolIds: string[] = [];
      for (const _ of six) poolIds.push(await createPool(rest, { targetDedicatedNodes: 0 }));
      const jobIds: string[] = [];
      for (const _ of six) jobIds.push(await createJob(rest, 'nopool'));
      const many = await createPool(rest, { targetDedicatedNodes: 6 });
      const nodeIds = (await poolReady(rest, many, 6)).map((node) => node.id);
      const gone = async (path: string): Promise<void> => {
        await until(async () => (await rest.get(path)).status === 404, `${path} to be gone`);
      };
      const remove = async (path: string): Promise<void> => {
        await rest.delete(path);
        await gone(path);
      };
      const removeNode = async (path: string): Promise<void> => {
        await rest.post(`/pools/${many}/removenodes`, { nodeList: [path.split('/').at(-1)] });
        await gone(path);
        await until(async () => (await rest.get(`/pools/${many}`)).json.allocationState === 'steady', 'a steady pool');
      };
      const named = (ids: string[]): string => ids.map((id) => `id eq '${id}'`).join(' or ');
      const lists: [string, string[], Record<string, string>, (path: string) => Promise<void>][] = [
        ['/pools', poolIds, { $filter: named(poolIds) }, remove],
        ['/jobs', jobIds, { $filter: named(jobIds) }, remove],
        [`/pools/${many}/nodes`, nodeIds, {}, removeNode],
      ];
      for (const [path, ids, query, take] of lists) {
        const seen: string[] = [];
        let page = await rest.get(path, { query: { ...query, maxresults: '2' } });
        for (;;) {
          const listed = page.json.value.map(({ id }: { id: string }) => id);
          seen.push(...listed);
          for (const id of listed) await take(`${path}/${id}`);
          const next = page.json['odata.nextLink'];
          if (next === undefined) break;
          expect(next).not.toMatch(/\?&|&&/);
          page = await rest.follow(next);
        }
        expect([path, seen.sort()]).toEqual([path, ids.sort()]);
      }
    });

    it('refuses skip tokens that it has not given', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      const jobId = await createJob(rest, poolId);
      const token = (text: string): string => `WATV2:${Buffer.from(text).toString('base64')}:1$1`;
      for (const path of ['/pools', '/jobs', '/jobschedules', `/pools/${poolId}/nodes`, `/jobs/${jobId}/tasks`]) {
        for (const $skiptoken of ['junk', 'WATV2::1$1', 'WATV2:=A=:1$1', token('-1'), token('abc'), token('1e3')]) {
          const answer = await rest.get(path, { query: { $skiptoken } });
          expect([path, $skiptoken, answer.status, answer.json.code]).toEqual([
            path,
            $skiptoken,
            400,
            'InvalidQueryParameterValue',
          ]);
        }
      }
      const active = { $filter: "state eq 'active'" };
      for (const text of ['junk', 'active x t', 'active 5', 'completed 5 t']) {
        const answer = await rest.get(`/jobs/${jobId}/tasks`, { query: { ...active, $skiptoken: token(text) } });
        expect([text, answer.status]).toEqual([text, 400]);
      }
    });

    it('refuses filters that compare a property with a literal of another type', async () => {
      for (const $filter of ["creationTime gt '2020'", 'state eq 5', "state gt 'a'", 'id eq 5']) {
        const answer = await rest.get('/jobs', { query: { $filter } });
        expect([answer.status, answer.json.code, $filter]).toEqual([400, 'InvalidQueryParameterValue', $filter]);
      }
    });

    it('refuses filters that nest too deeply', async () => {
      const nested = (levels: number): string => `${'('.repeat(levels)}id eq 'a'${')'.repeat(levels)}`;
      expect((await rest.get('/jobs', { query: { $filter: nested(50) } })).status).toBe(200);
      const answer = await rest.get('/jobs', { query: { $filter: nested(2000) } });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    });

    it('refuses filters with unknown properties or bad syntax', async () => {
      for (const $filter of ["colour eq 'red'", 'id eq', "state like 'a'", "id eq 'a' and", "(id eq 'a'"]) {
        const answer = await rest.get('/pools', { query: { $filter } });
        expect([answer.status, answer.json.code, $filter]).toEqual([400, 'InvalidQueryParameterValue', $filter]);
      }
    });

    it('treats ids in URLs without regard to case', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      expect((await rest.get(`/pools/${poolId.toUpperCase()}`)).json.id).toBe(poolId);
      const again = await rest.post('/pools', { id: poolId.toUpperCase(), vmSize: 'Standard_D1_v2' });
      expect([again.status, again.json.code]).toEqual([409, 'PoolExists']);
    });

    it('an unknown path is 404, a known one with another verb 405', async () => {
      expect((await rest.get('/nosuchthing')).status).toBe(404);
      expect((await rest.patch('/nodecounts', {})).status).toBe(405);
    });
  });
}
