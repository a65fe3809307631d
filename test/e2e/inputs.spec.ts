/** Input kinds and gather kinds, with real files; and refusals before anything is created. */
import { shellJob, TestStack } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const CSV = ['name,size', 'a,1', '"b, with comma",2', 'c,3', 'd,4', 'e,5'].join('\n');
const NASTY = [
  'with space.txt',
  `quote'"double.txt`,
  'semi;colon.txt',
  '$(touch pwned).txt',
  '`id`.txt',
  'ünïcödé-日本語.txt',
  `${'deep/'.repeat(180)}${'n'.repeat(100)}`,
  'n'.repeat(1000),
];

describe('input kinds', () => {
  it('rows of CSV with a header, in tasks of two', async () => {
    await stack.upload('tables', 'in.csv', CSV);
    const job = await stack.run('csv', {
      ...shellJob('mkdir out; { echo name; sed "s/.*\\"name\\":\\"//; s/\\".*//" items.jsonl; } > out/names.csv'),
      input: { kind: 'rows', container: 'tables', blobs: ['in.csv'], format: 'csv', rowsPerTask: 2 },
      gather: { kind: 'concat', file: 'out/names.csv', header: true },
    });
    expect(job).toMatchObject({ state: 'succeeded', items: 5, counts: { total: 3 } });
    const results = await stack.call('GET', '/v1/jobs/csv/results');
    const [artefact] = results.body.artefacts;
    const text = await (await fetch(artefact.url)).text();
    expect(text).toBe('name\na\nb, with comma\nc\nd\ne\n');
  });

  it.each([
    ['jsonl', '{"n":1}\n{"n":2}\n', 2],
    ['json', '[{"n":1},{"n":2},{"n":3}]', 3],
    ['lines', 'one\ntwo\n', 2],
  ])('rows of %s', async (format, content, items) => {
    await stack.upload('tables', `in.${format}`, content);
    const input = { kind: 'rows', container: 'tables', blobs: [`in.${format}`], format };
    expect(await stack.run(`rows-${format}`, { ...shellJob('test -s items.jsonl'), input })).toMatchObject({
      state: 'succeeded',
      items,
    });
  });

  it('blobs whose names are hostile are data', async () => {
    for (const name of NASTY) await stack.upload('hostile', name, `content of ${name.length}`);
    const job = await stack.run('hostile', {
      ...shellJob(
        'find inputs -type f -exec cat {} + > found; test -s found && test ! -e pwned && mkdir out && cp found out/',
      ),
      input: { kind: 'blobs', container: 'hostile' },
    });
    expect(job).toMatchObject({
      state: 'succeeded',
      items: NASTY.length,
      counts: { succeeded: NASTY.length, failed: 0 },
    });
    const found = await Promise.all(
      (await stack.listBlobs(`jobs/${job.uid}/outputs/`)).map((blob) => stack.readBlob(blob)),
    );
    expect(found.sort()).toEqual(NASTY.map((name) => `content of ${name.length}`).sort());
  });

  it('a sweep expands templates into the environment', async () => {
    const job = await stack.run('sweep', {
      ...shellJob('test "$POINT" = "$(sed "s/.*:\\([0-9]*\\).*:\\([0-9]*\\).*/\\1-\\2-x/" items.jsonl)"'),
      parameters: { tag: 'x' },
      input: { kind: 'sweep', method: 'product', parameters: { a: { from: 1, to: 2 }, b: [3, 4] } },
      task: {
        commandLine: `/bin/sh -c 'test "$POINT" = "$(sed "s/.*:\\([0-9]*\\),.*:\\([0-9]*\\).*/\\1-\\2-x/" items.jsonl)"'`,
        environment: { POINT: '{{item.a}}-{{item.b}}-{{parameters.tag}}' },
      },
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 4, succeeded: 4 } });
  });

  it('items, manifest, and only the first of them on a sampling run', async () => {
    await stack.upload('tables', 'manifest.jsonl', '1\n"two"\n{"three":3}\nnull\n');
    const manifest = { kind: 'manifest', container: 'tables', blob: 'manifest.jsonl' };
    expect(await stack.run('manifest', { ...shellJob('test -s items.jsonl'), input: manifest })).toMatchObject({
      state: 'succeeded',
      items: 4,
    });
    expect(await stack.run('sample', { ...shellJob('true'), input: manifest, maxItems: 2 })).toMatchObject({
      state: 'succeeded',
      items: 2,
    });
    const items = { kind: 'items', items: ['a', 'b', 'c'] };
    const batched = await stack.run('batched', {
      ...shellJob('test -s items.jsonl'),
      input: items,
      batching: { maxItemsPerTask: 2 },
    });
    expect(batched).toMatchObject({ state: 'succeeded', items: 3, counts: { total: 2 } });
  });
});

describe('reduce', () => {
  it('merges outputs as a tree until one task is left', async () => {
    const job = await stack.run('tree', {
      ...shellJob('mkdir out; echo $WINDROW_TASK_INDEX > out/n'),
      input: { kind: 'repeat', count: 9 },
      gather: {
        kind: 'reduce',
        commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n | sort -n > out/n'`,
        fanIn: 3,
      },
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 9, succeeded: 9 } });
    expect(await stack.readBlob(`jobs/${job.uid}/results/artefacts/n`)).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n');
    await stack.expectNothingLeft(job);
  });

  it('fails the job with the reduce task’s own words', async () => {
    const job = await stack.run('bad-reduce', {
      ...shellJob('mkdir out; echo 1 > out/n'),
      gather: { kind: 'reduce', commandLine: `/bin/sh -c 'echo cannot merge >&2; exit 9'` },
    });
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'GatherFailed', message: expect.stringContaining('cannot merge') },
    });
  });
});

describe('bad input is refused before anything is created', () => {
  const template = shellJob('true');

  it.each([
    ['unknown field', { ...template, colour: 'red' }, 400, '$.colour'],
    ['bad duration', { ...template, task: { commandLine: 'x', timeout: '1 hour' } }, 400, '$.task.timeout'],
    [
      'more slots than a node has',
      { ...template, task: { commandLine: 'x', requiredSlots: 3 } },
      400,
      '$.task.requiredSlots',
    ],
    ['unknown container', { ...template, input: { kind: 'blobs', container: 'nowhere' } }, 400, '$.input.container'],
    ['unknown cluster', { ...template, pool: { cluster: 'nowhere' } }, 400, '$.pool.cluster'],
    ['missing command', { ...template, task: {} }, 400, '$.task.commandLine'],
  ])('%s', async (_, spec, _status, path) => {
    const before = await stack.poolIds();
    const answer = await stack.call('PUT', '/v1/jobs/refused', spec);
    expect([400, 404, 422]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.code).toEqual(expect.any(String));
    expect(JSON.stringify(answer.body)).toContain(path);
    expect((await stack.call('GET', '/v1/jobs/refused')).status).toBe(404);
    expect(await stack.poolIds()).toEqual(before);
  });

  it('a name out of the rules, a body over the limit, a body that is no JSON', async () => {
    expect((await stack.call('PUT', '/v1/jobs/not%20a%20name', template)).status).toBe(400);
    const huge = { ...template, parameters: { text: 'x'.repeat(1_100_000) } };
    expect(await stack.call('PUT', '/v1/jobs/huge', huge)).toMatchObject({
      status: 413,
      body: { code: expect.any(String) },
    });
    expect(await stack.call('PUT', '/v1/jobs/broken', '{"input":')).toMatchObject({
      status: 400,
      body: { code: expect.any(String) },
    });
  });

  it.each([
    ['zero items', { input: { kind: 'items', items: [] } }, 'EmptyInput', '$.input'],
    [
      'a template that names nothing',
      { task: { commandLine: 'run {{item.nothing}}' } },
      'InvalidTemplate',
      '$.task.commandLine',
    ],
    [
      'an item that would be a command',
      { input: { kind: 'items', items: ['a; rm -rf ~'] }, task: { commandLine: 'run {{item}}' } },
      'InvalidTemplate',
      '$.task.commandLine',
    ],
  ])('%s fails the plan, and nothing was created', async (name, more, code, path) => {
    const job = await stack.run(name.replaceAll(' ', '-'), { ...template, ...more });
    expect(job).toMatchObject({ state: 'failed', error: { code, path: expect.stringContaining(path) } });
    expect((await stack.poolIds()).filter((id) => id.includes(job.uid))).toEqual([]);
  });

  it('a malformed row is named by its number', async () => {
    await stack.upload('tables', 'broken.jsonl', '{"n":1}\n{"n":2}\n{"n":\n');
    const input = { kind: 'rows', container: 'tables', blobs: ['broken.jsonl'], format: 'jsonl' };
    const job = await stack.run('malformed', { ...template, input });
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'MalformedRow', message: expect.stringMatching(/broken\.jsonl.*3|3.*broken\.jsonl/) },
    });
  });

  it('an empty input is fine when it is allowed', async () => {
    const job = await stack.run('allowed-empty', {
      ...template,
      input: { kind: 'items', items: [] },
      allowEmpty: true,
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 0 } });
  });
});

describe('the dry run', () => {
  it('counts, expands the first tasks and says how many nodes, and creates nothing', async () => {
    await stack.upload('tables', 'in.csv', CSV);
    const spec = {
      ...shellJob('true'),
      input: { kind: 'rows', container: 'tables', blobs: ['in.csv'], format: 'csv' },
      task: { commandLine: 'run {{item.size}}', environment: { NAME: '{{item.name}}' } },
    };
    const pools = await stack.poolIds();
    const answer = await stack.call('POST', '/v1/jobs:plan', spec);
    expect(answer).toMatchObject({
      status: 200,
      body: { items: 5, tasks: 5, sample: [{ commandLine: 'run 1', environment: { NAME: 'a' } }, {}, {}] },
    });
    expect(answer.body).toMatchObject({ slots: { perTask: 1, perNode: 2 }, nodes: { max: 2, needed: 2 } });
    expect(await stack.poolIds()).toEqual(pools);
    expect(await stack.listBlobs('jobs/plan-')).toEqual([]);
  });

  it('tells what is wrong with an input', async () => {
    const answer = await stack.call('POST', '/v1/jobs:plan', {
      ...shellJob('true'),
      input: { kind: 'items', items: [] },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'EmptyInput' } });
  });

  it('of a huge input is refused or ended, and keeps nobody else from theirs', async () => {
    const sweep = (to: number) => ({
      ...shellJob('true'),
      input: { kind: 'sweep', method: 'product', parameters: { a: { from: 1, to }, b: { from: 1, to } } },
    });
    const refused = await stack.call('POST', '/v1/jobs:plan', sweep(1e9));
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('at most 100000000') } });
    const large = stack.call('POST', '/v1/jobs:plan', { ...sweep(3000), maxItems: 2_000_000 });
    const small = await stack.call('POST', '/v1/jobs:plan', {
      ...shellJob('true'),
      input: { kind: 'repeat', count: 3 },
    });
    expect(small).toMatchObject({ status: 200, body: { items: 3 } });
    expect((await large).body).toMatchObject({ items: 2_000_000 });
  });
});
