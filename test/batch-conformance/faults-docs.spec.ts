import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Rest, type Body } from './rest';
import { until } from './target';

const PAGE = path.join(__dirname, '../../apps/batch-emulator/docs/faults.md');

/** The table of kinds: the name in the first column, the example in the last. */
const EXAMPLES = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `(\w+)` .*\| `(\{.*\})` +\|$/gm)].map(
  ([, kind = '', example = '']) => [kind, JSON.parse(example)] as const,
);

describe('docs/faults.md', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeEach(async () => {
    emulator = await startEmulator({ admin: true, timeScale: 60, timing: { preemption: 60_000 } });
    rest = new Rest(emulator);
  });
  afterEach(() => emulator.close());

  async function order(rule: Body): Promise<Body> {
    const answer = await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body: JSON.stringify(rule) });
    const body: Body = await answer.json();
    return answer.ok ? body.rules[0] : body;
  }

  /** A pool, a job and tasks, all asked about; requests may be cut. */
  async function liveThrough(): Promise<void> {
    const quietly = (request: Promise<unknown>): Promise<unknown> => request.catch(() => undefined);
    await quietly(
      rest.post('/pools', {
        id: 'demo',
        vmSize: 'simulated_d2',
        targetDedicatedNodes: 2,
        targetLowPriorityNodes: 2,
        startTask: { commandLine: 'true', waitForSuccess: true },
      }),
    );
    await quietly(rest.post('/jobs', { id: 'demo', poolInfo: { poolId: 'demo' } }));
    for (const id of ['t1', 't2']) await quietly(rest.post('/jobs/demo/tasks', { id, commandLine: 'true' }));
    await quietly(rest.get('/jobs/demo'));
    await quietly(rest.get('/pools/demo'));
    await until(async () => (await rest.get('/pools/demo/nodes')).json.value.length === 4, 'nodes', 500).catch(
      () => undefined,
    );
  }

  it('describes every kind that there is', async () => {
    const { error } = await order({ kind: 'nosuchkind' });
    const known = /is none of (.*)$/.exec(error)?.[1]?.split(', ');
    expect(EXAMPLES.map(([kind]) => kind)).toEqual(known);
    for (const [kind, example] of EXAMPLES) expect(example.kind).toBe(kind);
  });

  it.each(EXAMPLES)('the example of %s strikes', async (kind, example) => {
    const strikesAtOnce = kind === 'preempt' || kind === 'nodeLoss';
    if (strikesAtOnce) await liveThrough();
    const { id } = await order(example);
    if (!strikesAtOnce) await liveThrough();
    await until(async () => {
      const fault: Body = await (await fetch(`${emulator.url}/emulator/faults/${id}`)).json();
      return fault.struck > 0;
    }, `${kind} to strike`);
  });
});
