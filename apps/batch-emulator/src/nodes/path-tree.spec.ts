import { PathTree } from './path-tree';

describe('PathTree', () => {
  it('knows what lies in a directory, and forgets it with the directory or alone', () => {
    const tree = new PathTree<number>();
    for (const [index, directory] of ['/n/j/a', '/n/j/a/1', '/n/j/ab', '/m/j/a'].entries()) tree.set(directory, index);
    expect(tree.within('/n/j/a').sort()).toEqual([0, 1]);
    expect(tree.within('/').sort()).toEqual([0, 1, 2, 3]);
    expect(tree.within('/n/x')).toEqual([]);
    tree.delete('/n/j/a');
    expect([tree.get('/n/j/a'), tree.get('/n/j/a/1')]).toEqual([undefined, 1]);
    tree.deleteWithin('/n/j/a');
    expect(tree.within('/n')).toEqual([2]);
    tree.deleteWithin('/n');
    tree.delete('/n/nothing');
    expect(tree.within('/')).toEqual([3]);
  });

  it('takes no longer for one directory when there are many others', () => {
    const tree = new PathTree<boolean>();
    const all = Array.from({ length: 50_000 }, (_, index) => `/root/nodes/pool/node/workitems/job/task-${index}/wd`);
    for (const directory of all) tree.set(directory, true);
    // To walk all of them for each would take 2.5 billion steps.
    for (const directory of all) tree.deleteWithin(directory.slice(0, -'/wd'.length));
    expect(tree.within('/')).toEqual([]);
  });
});
