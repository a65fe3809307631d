import { jobPaths, workspaceContainer } from '@windrow/contract';
import { jobInState, JOBS, KEY, startApi } from '../testing/start-api';

const FILES = `${JOBS}/j1/tasks/3/files`;
const CONTAINER = workspaceContainer(KEY.workspace);
const PATHS = jobPaths('u1');

describe('files of a task', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
    await jobInState(sut, { state: 'running' });
    sut.blobs.put(CONTAINER, `${PATHS.taskLogs(3, '1')}/stdout.txt`, 'first');
    sut.blobs.put(CONTAINER, `${PATHS.taskLogs(3, '10')}/stdout.txt`, 'tenth');
    sut.blobs.put(CONTAINER, `${PATHS.taskOutputs(3)}/a/<b>.html`, '<script>');
  });
  afterEach(() => sut.close());

  const onNode = (text: string) => {
    sut.batch.presentWaves = [2, 1];
    sut.batch.nodeFiles.set('2/3/stdout.txt', text);
    sut.batch.nodeFiles.set('1/3/stdout.txt', 'old');
  };

  it('are read from the node while it is there, the latest attempt first', async () => {
    onNode('0123456789');
    const answer = await sut.http.get(`${FILES}/stdout.txt`).expect(200);
    expect(answer.text).toBe('0123456789');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '10',
      'x-content-type-options': 'nosniff',
    });
    expect((await sut.http.get(`${FILES}/stdout.txt?attempt=1`).expect(200)).text).toBe('old');
  });

  it('are read from storage once the node is gone', async () => {
    expect((await sut.http.get(`${FILES}/stdout.txt`).expect(200)).text).toBe('tenth');
    expect((await sut.http.get(`${FILES}/stdout.txt?attempt=1`).expect(200)).text).toBe('first');
    expect((await sut.http.get(`${FILES}/stderr.txt`).expect(404)).body.code).toBe('FileNotFound');
  });

  it('are never shown as a page', async () => {
    const answer = await sut.http.get(`${FILES}/outputs/a/%3Cb%3E.html`).expect(200);
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['content-disposition']).toBe("attachment; filename*=UTF-8''%3Cb%3E.html");
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });

  it.each([
    ['offset=2&count=3', '', 200, '234', undefined],
    ['offset=8', '', 200, '89', undefined],
    ['offset=50', '', 200, '', undefined],
    ['', 'bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['', 'bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['', 'bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['', 'bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['', 'bytes=10-', 416, undefined, 'bytes */10'],
    ['', 'bytes=4-2', 416, undefined, 'bytes */10'],
    ['', 'bytes=a-', 400, undefined, undefined],
    ['offset=1', 'bytes=a-', 400, undefined, undefined],
  ])('give ranges: ?%s %s', async (query, range, status, text, contentRange) => {
    onNode('0123456789');
    const request = sut.http.get(`${FILES}/stdout.txt?${query}`);
    const answer = await (range ? request.set('Range', range) : request).expect(status);
    if (text !== undefined) expect(answer.text ?? '').toBe(text);
    expect(answer.headers['content-range']).toBe(contentRange);
  });

  it('tell their length without their bytes', async () => {
    onNode('0123456789');
    const answer = await sut.http.head(`${FILES}/stdout.txt`).expect(200);
    expect(answer.headers['content-length']).toBe('10');
  });

  it('are listed with their place', async () => {
    const kept = await sut.http.get(FILES).expect(200);
    expect(kept.body.attempt).toBe(10);
    expect(kept.body.value.map(({ path, source }: Record<string, string>) => [path, source])).toEqual([
      ['stdout.txt', 'storage'],
      ['outputs/a/<b>.html', 'storage'],
    ]);
    const url = new URL(kept.body.value[1].url);
    expect((await sut.http.get(url.pathname + url.search).expect(200)).body.toString()).toBe('<script>');
    onNode('x');
    expect((await sut.http.get(FILES).expect(200)).body).toMatchObject({ attempt: 2, value: [{ source: 'node' }, {}] });
  });

  it.each([
    '..%2F..%2Fspec.json',
    'outputs/..%2F..%2F..%2Fspec.json',
    'a%5C..%5Cb',
    'a%00b',
    'a%2F%2Fb',
    './%2E%2E%2Fx',
  ])('do not lead out of the folder: %s', async (path) => {
    const answer = await sut.http.get(`${FILES}/${path}`);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('{}');
  });
});
