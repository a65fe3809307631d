import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import type { Target } from './target';

export function describeFiles(target: () => Target): void {
  describe('files of tasks and nodes', () => {
    let rest: Rest;
    let poolId: string;
    let files: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest);
      await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId);
      const commandLine = `/bin/sh -c 'mkdir "sub dir"; printf 0123456789 > "sub dir/a+b.txt"; ln -s /etc/passwd link; echo out'`;
      await runTask(rest, jobId, { id: 't', commandLine });
      files = `/jobs/${jobId}/tasks/t/files`;
    });

    it('lists one level, or all with recursive', async () => {
      const flat = (await rest.get(files)).json.value;
      expect(flat.map((file: Body) => file.name)).toEqual(['stderr.txt', 'stdout.txt', 'wd']);
      expect(flat[1]).toMatchObject({ isDirectory: false, properties: { contentLength: 4, fileMode: '0o100644' } });
      expect(flat[2]).toMatchObject({ isDirectory: true });
      const deep = (await rest.get(files, { query: { recursive: 'true' } })).json.value;
      expect(deep.map((file: Body) => file.name)).toContain('wd/sub dir/a+b.txt');
      const some = await rest.get(files, { query: { recursive: 'true', $filter: "startswith(name,'std')" } });
      expect(some.json.value).toHaveLength(2);
    });

    it('reads a file whose path is one encoded segment, or several', async () => {
      const encoded = await rest.get(`${files}/wd%2Fsub%20dir%2Fa%2Bb.txt`);
      expect([encoded.status, encoded.text]).toEqual([200, '0123456789']);
      expect(encoded.headers).toMatchObject({
        'content-length': '10',
        'content-type': 'application/octet-stream',
        'ocp-batch-file-isdirectory': 'false',
      });
      expect((await rest.get(`${files}/wd/sub%20dir/a+b.txt`)).text).toBe('0123456789');
    });

    it('reads a range with status 200, and refuses one that is not there', async () => {
      const path = `${files}/wd%2Fsub%20dir%2Fa%2Bb.txt`;
      const range = (value: string) => rest.get(path, { headers: { 'ocp-range': value } });
      const part = await range('bytes=2-4');
      expect([part.status, part.text, part.headers['content-length']]).toEqual([200, '234', '3']);
      expect((await range('bytes=8-100')).text).toBe('89');
      expect((await range('bytes=8-')).text).toBe('89');
      const outside = await range('bytes=10-');
      expect([outside.status, outside.json.code]).toEqual([416, 'InvalidRange']);
    });

    it('refuses a range that is none', async () => {
      for (const value of ['junk', 'bytes=-', 'bytes=a-b', 'lines=1-2']) {
        const answer = await rest.get(`${files}/stdout.txt`, { headers: { 'ocp-range': value } });
        expect([value, answer.status, answer.json.code]).toEqual([value, 400, 'InvalidHeaderValue']);
      }
    });

    it('HEAD gives the properties', async () => {
      const file = await rest.head(`${files}/stdout.txt`);
      expect([file.status, file.headers['content-length'], file.text]).toEqual([200, '4', '']);
      const directory = await rest.head(`${files}/wd`);
      expect(directory.headers['ocp-batch-file-isdirectory']).toBe('true');
      expect((await rest.head(`${files}/nothere`)).status).toBe(404);
    });

    it('honours If-Modified-Since', async () => {
      const { headers } = await rest.head(`${files}/stdout.txt`);
      const since = { 'if-modified-since': String(headers['last-modified']) };
      expect((await rest.get(`${files}/stdout.txt`, { headers: since })).status).toBe(304);
    });

    it.each(['..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd', '%2Fetc%2Fpasswd', 'wd%2Flink', 'wd%2F..%2F..%2Fother'])(
      'does not lead out of the task directory: %s',
      async (path) => {
        const answer = await rest.get(`${files}/${path}`);
        expect([answer.status, answer.json?.code]).toEqual([404, 'FileNotFound']);
      },
    );

    it('reads the same file through the node', async () => {
      const [node] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
      const base = `/pools/${poolId}/nodes/${node.id}/files`;
      const names = (await rest.get(base)).json.value.map((file: Body) => file.name);
      expect(names).toEqual(expect.arrayContaining(['applications', 'shared', 'startup', 'workitems']));
      const path = files.replace('/jobs/', 'workitems/').replace('/tasks/', '/job-1/').replace('/files', '/stdout.txt');
      expect((await rest.get(`${base}/${encodeURIComponent(path)}`)).text).toBe('out\n');
    });

    it('deletes files, directories that are not empty only with recursive', async () => {
      expect((await rest.delete(`${files}/wd%2Fsub%20dir`)).status).toBe(409);
      expect((await rest.delete(`${files}/wd%2Fsub%20dir`, { query: { recursive: 'true' } })).status).toBe(200);
      expect((await rest.get(`${files}/wd%2Fsub%20dir%2Fa%2Bb.txt`)).status).toBe(404);
    });
  });
}
