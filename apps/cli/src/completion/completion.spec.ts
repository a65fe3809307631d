import { spawnSync } from 'node:child_process';
import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { runFake } from '../testing/fake-io';
import { SCRIPTS } from './scripts';

let api: HttpScript;

beforeAll(async () => {
  api = await startHttpScript();
});

afterAll(() => api.stop());

async function complete(...words: string[]): Promise<string[]> {
  const { code, out, err } = await runFake(api.url, ['__complete', '--', ...words]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').slice(0, -1);
}

describe('completion', () => {
  it('knows commands, their commands, options and the values of options', async () => {
    expect(await complete('re')).toEqual(['resume', 'redrive']);
    expect(await complete('clusters', 're')).toEqual(['resize']);
    expect(await complete('submit', '--na')).toEqual(['--name']);
    expect(await complete('list', '--url', 'x', '-o', '')).toEqual(['table', 'json', 'yaml']);
    expect(await complete('list', '--state', 'fa')).toEqual(['failed']);
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('')).not.toContain('__complete');
  });

  it('asks the API for names, in the scope of the command line', async () => {
    api.answer(({ url }) => ({
      status: 200,
      body: { value: url.includes('clusters') ? [{ cluster: 'wind' }] : [{ job: 'alpha' }, { job: 'beta' }] },
    }));
    expect(await complete('show', 'a')).toEqual(['alpha']);
    expect(await complete('-w', 'aero', 'job', 'show', '')).toEqual(['alpha', 'beta']);
    expect(await complete('clusters', 'show', '')).toEqual(['wind']);
    expect(api.seen.map(({ url }) => url.split('?')[0])).toEqual([
      '/v1/jobs',
      '/v1/workspaces/aero/experiments/migrated/jobs',
      '/v1/clusters',
    ]);
    api.answer(() => ({ status: 200, body: { value: [{ workspace: 'aero' }] } }));
    expect(await complete('list', '-w', '')).toEqual(['aero']);
  });

  it('is silent where the API is away or says no', async () => {
    api.answer(() => ({ status: 0, hangUp: true }));
    expect(await complete('show', '')).toEqual([]);
    expect(api.seen).toHaveLength(1);
    api.answer(() => ({ status: 401, body: {} }));
    expect(await complete('show', '')).toEqual([]);
  });

  it('has a script that bash can read and that asks this command', () => {
    const script = `windrow() { printf '%s\\n' "$@"; }\n${SCRIPTS['bash']}\nCOMP_WORDS=(windrow show a); COMP_CWORD=2; _windrow; echo "\${COMPREPLY[*]}"`;
    const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '__complete -- show a\n', status: 0 });
  });
});
