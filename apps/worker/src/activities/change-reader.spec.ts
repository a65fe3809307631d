import type { BatchClient, BatchTask } from '@windrow/batch';
import { ChangeReader } from './change-reader';

const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();

/** A job whose completed tasks are listed as the service does it: those that the filter's time lets through. */
function jobOf(tasks: { id: string; stateTransitionTime: string }[]) {
  const filters: string[] = [];
  const listPage = async (_: string, { filter = '' }: { filter?: string }) => {
    filters.push(filter);
    const since = /datetime'(.*)'/.exec(filter)?.[1];
    const value = tasks.filter((task) => since === undefined || task.stateTransitionTime >= since);
    return { value: value as BatchTask[] };
  };
  return { reader: new ChangeReader({ tasks: { listPage } } as unknown as BatchClient, 'j'), filters };
}

async function ids(reader: ChangeReader, full = false): Promise<string[]> {
  const found: string[] = [];
  for await (const page of reader.completed(full)) found.push(...page.map(({ id }) => id));
  return found;
}

describe('what changed in a Batch job', () => {
  it('is asked for from the newest transition seen on, by the time of the service and not of this machine', async () => {
    const tasks = [
      { id: 'a', stateTransitionTime: at(1) },
      { id: 'b', stateTransitionTime: at(2) },
    ];
    const { reader, filters } = jobOf(tasks);
    expect(await ids(reader)).toEqual(['a', 'b']);
    tasks.push({ id: 'c', stateTransitionTime: at(3) });
    expect(await ids(reader)).toEqual(['b', 'c']);
    expect(filters).toEqual([
      `state eq 'completed'`,
      `state eq 'completed' and stateTransitionTime ge datetime'${at(2)}'`,
    ]);
  });

  it('reaches further back as long as tasks are missing, and no longer', async () => {
    const tasks = [{ id: 'newest', stateTransitionTime: at(30) }];
    const { reader } = jobOf(tasks);
    await ids(reader);
    tasks.push({ id: 'late', stateTransitionTime: at(22) });
    const seen: string[][] = [];
    for (let poll = 1; poll <= 3; poll += 1) {
      reader.missed(!seen.flat().includes('late'));
      seen.push(await ids(reader));
    }
    // After one second of reach comes one of ten, and once nothing is missing none.
    expect(seen).toEqual([['newest'], ['newest', 'late'], ['newest']]);
  });

  it('is everything when a full listing is asked for', async () => {
    const { reader, filters } = jobOf([{ id: 'a', stateTransitionTime: at(1) }]);
    await ids(reader);
    await ids(reader, true);
    expect(filters[1]).toBe(`state eq 'completed'`);
  });
});
