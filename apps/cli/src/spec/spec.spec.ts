import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiError } from '../errors';
import { parseOverride, withOverrides } from './overrides';
import { pathSteps } from './places';
import { readSpec } from './read-spec';

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'windrow-spec-'));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

async function spec(text: string, sets: string[] = [], name = 'job.yaml') {
  await writeFile(path.join(cwd, name), text);
  return readSpec(name, sets, { cwd, readStdin: async () => text });
}

const set = (document: unknown, ...texts: string[]) => withOverrides(document, texts.map(parseOverride));

describe('--set', () => {
  it('reads values as YAML, so that each has the type it looks like', () => {
    expect(set({}, 'a=5', 'b=true', 'c=text', 'd="5"', 'e=[x, 1]', 'f={ g: 1 }', 'h=PT1H', 'i=')).toEqual({
      a: 5,
      b: true,
      c: 'text',
      d: '5',
      e: ['x', 1],
      f: { g: 1 },
      h: 'PT1H',
      i: '',
    });
  });

  it('makes what is missing on the way, replaces, appends, and removes with null', () => {
    const file = { task: { retries: 1, timeout: 'PT1H' }, input: { blobs: ['a'] } };
    const sets = ['task.retries=2', 'task.timeout=null', 'labels["a b"]=c', 'input.blobs[1]=b', 'pool.nodes.max=3'];
    expect(set(file, ...sets)).toEqual({
      task: { retries: 2 },
      input: { blobs: ['a', 'b'] },
      labels: { 'a b': 'c' },
      pool: { nodes: { max: 3 } },
    });
    expect(file.task.retries).toBe(1);
  });

  it.each(['a', '=5', 'a..b=1', 'a=[', '__proto__.x=1', 'a.constructor.y=1'])('refuses %s', (text) => {
    expect(() => parseOverride(text)).toThrow(text.split('=')[0] === '' ? /--set/ : /set/);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([['a[3]=1'], ['a.b=1'], ['t.x=1'], ['o[0]=1']])('%s does not fit { a: [0], t: text, o: {} }', (text) => {
    expect(() => set({ a: [0], t: 'text', o: {} }, text)).toThrow(/--set/);
  });
});

describe('a file', () => {
  it('is YAML or JSON, with the values of --set in it', async () => {
    expect((await spec('a: 1\nb: [x]\n', ['c=2'])).body).toEqual({ a: 1, b: ['x'], c: 2 });
    expect((await spec('{ "a": { "on": "x\\u00e9" } }', [], 'job.json')).body).toEqual({ a: { on: 'xé' } });
    expect((await readSpec('-', [], { cwd, readStdin: async () => 'a: 2' })).body).toEqual({ a: 2 });
  });

  it.each([
    ['a: 1\nb: [1\nc: 2\n', 3, 1],
    ['{ "a": 1,\n  "b" 2 }', 2, 7],
    ['a: 1\na: 2\n', 2, 1],
  ])('that is neither is told with line and column: %j', async (text, line, column) => {
    await expect(spec(text)).rejects.toMatchObject({ where: `job.yaml:${line}:${column}` });
  });

  it.each(['', '- 1', 'text'])('that holds "%s" is no body', async (text) => {
    await expect(spec(text)).rejects.toThrow('job.yaml holds');
  });

  it('that is not there is named', async () => {
    await expect(readSpec('absent.yaml', [], { cwd, readStdin: async () => '' })).rejects.toThrow(
      /^absent\.yaml cannot/,
    );
  });
});

describe('a problem of the API', () => {
  const at = (field: string) =>
    new ApiError('wrong', 400, 'InvalidRequest', [{ path: field, code: 'X', message: 'must be y' }], {});
  const TEXT = 'input:\n  blobs:\n    - a\n    - b\ntask:\n  "A B": 1\n';

  it.each([
    ['$.input.blobs[1]', 'job.yaml:4:7'],
    ['$.input.blobs', 'job.yaml:2:3'],
    ['$.task["A B"]', 'job.yaml:6:3'],
    // What is missing stands nowhere: the part around it does.
    ['$.task.commandLine', 'job.yaml:5:1'],
    ['$.pool', 'job.yaml:1:1'],
    ['$.labels.team', '--set labels.team'],
  ])('at %s stands at %s', async (field, place) => {
    const { explain } = await spec(TEXT, ['labels.team=5']);
    expect(explain(at(field))).toMatchObject({ details: [`${place}  ${field}  must be y`] });
  });

  it('without fields is left as it is', async () => {
    const error = new ApiError('gone', 410, 'Gone', [], {});
    expect((await spec(TEXT)).explain(error)).toBe(error);
  });
});

it('a JSON path is taken apart', () => {
  expect(pathSteps('$.a-b.c[3]["x\\"y"].z')).toEqual(['a-b', 'c', 3, 'x"y', 'z']);
});
