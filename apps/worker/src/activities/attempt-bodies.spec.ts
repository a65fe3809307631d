import type { BatchTaskCreateOptions } from '@windrow/batch';
import type { PlannedTask, RetryRule } from '@windrow/contract';
import { AttemptBodies } from './attempt-bodies';
import { Dependencies, IndexRuns } from './dependencies';

const RULES: RetryRule[] = [{ on: {}, attempts: 2, change: { requiredSlots: 4, environment: { MODE: 'careful' } } }];
const planned = (index: number): PlannedTask => ({ index, items: 1, environment: { MODE: 'fast', KEEP: 'it' } });
const build = async ({ index, environment = {} }: PlannedTask): Promise<BatchTaskCreateOptions> => ({
  id: String(index),
  commandLine: 'x',
  requiredSlots: 1,
  environmentSettings: [
    ...Object.entries(environment).map(([name, value]) => ({ name, value })),
    { name: 'WINDROW_ATTEMPT', value: '2' },
  ],
});
const environmentOf = ({ environmentSettings = [] }: BatchTaskCreateOptions) =>
  Object.fromEntries(environmentSettings.map(({ name, value }) => [name, value]));

describe('the body of a task', () => {
  it('has the changes of the rules, and the number of its own attempt', async () => {
    const sut = new AttemptBodies(build, RULES, new Dependencies(), IndexRuns.all());
    const again = await sut.body({ planned: planned(0), retry: { task: 0, attempts: 1, rules: [0] } });
    expect(again.requiredSlots).toBe(4);
    expect(environmentOf(again)).toEqual({ MODE: 'careful', KEEP: 'it', WINDROW_ATTEMPT: '2' });
    const waited = await sut.body({ planned: planned(1), retry: { task: 1, attempts: 0, rules: [] } });
    expect(waited.requiredSlots).toBe(1);
    expect(environmentOf(waited)).toEqual({ MODE: 'fast', KEEP: 'it', WINDROW_ATTEMPT: '1' });
    expect(waited).not.toHaveProperty('dependsOn');
  });

  it('waits for tasks of its own wave only', async () => {
    const dependencies = new Dependencies([{ tasks: '9', on: '0-5,7' }]);
    const first = await new AttemptBodies(build, [], dependencies, IndexRuns.all()).body({ planned: planned(9) });
    expect(first.dependsOn).toEqual({
      taskIdRanges: [
        { start: 0, end: 5 },
        { start: 7, end: 7 },
      ],
    });
    const members = new IndexRuns();
    for (const index of [1, 2, 6, 9]) members.add(index);
    const later = await new AttemptBodies(build, [], dependencies, members).body({ planned: planned(9) });
    expect(later.dependsOn).toEqual({ taskIdRanges: [{ start: 1, end: 2 }] });
  });
});
