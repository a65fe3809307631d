import { UpdateLanes } from './update-lanes';

describe('updates to one workflow', () => {
  let sut: UpdateLanes;
  let begun: string[];
  let finish: Map<string, () => void>;
  beforeEach(() => {
    sut = new UpdateLanes();
    begun = [];
    finish = new Map();
  });

  const call = (workflowId: string, name: string) =>
    sut.run(workflowId, () => {
      begun.push(name);
      return new Promise<string>((resolve) => finish.set(name, () => resolve(name)));
    });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  it('pass four at a time, in their order, and those to another do not wait', async () => {
    const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => call('cluster:x', name));
    void call('cluster:y', 'other');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'other']);
    finish.get('b')!();
    await settled();
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'other', 'e']);
    finish.get('a')!();
    await settled();
    for (const name of ['c', 'd', 'e', 'f']) finish.get(name)!();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('give their place on when they fail, and are as many as ever afterwards', async () => {
    const failing = Array.from({ length: 20 }, () => sut.run('cluster:x', () => Promise.reject(new Error('refused'))));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(failing.map(() => 'rejected'));
    for (const name of ['a', 'b', 'c', 'd', 'e']) void call('cluster:x', name);
    await settled();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });
});
