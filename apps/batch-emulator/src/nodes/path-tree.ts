import path from 'node:path';

interface Branch<T> {
  readonly children: Map<string, Branch<T>>;
  value?: T | undefined;
}

/** Values by directory: what lies in a directory is found without a look at all others. */
export class PathTree<T> {
  private readonly root: Branch<T> = { children: new Map() };

  get(directory: string): T | undefined {
    return this.way(directory).at(-1)?.value;
  }

  set(directory: string, value: T): void {
    let at = this.root;
    for (const part of partsOf(directory)) {
      let next = at.children.get(part);
      if (!next) at.children.set(part, (next = { children: new Map() }));
      at = next;
    }
    at.value = value;
  }

  /** Forgets one directory, not what lies in it. */
  delete(directory: string): void {
    const branch = this.way(directory).at(-1);
    if (!branch) return;
    branch.value = undefined;
    this.prune(directory);
  }

  deleteWithin(directory: string): void {
    const branch = this.way(directory).at(-1);
    if (!branch) return;
    branch.value = undefined;
    branch.children.clear();
    this.prune(directory);
  }

  /** Of the directory and of all that lie in it. */
  within(directory: string): T[] {
    const start = this.way(directory).at(-1);
    const [found, open]: [T[], Branch<T>[]] = [[], start ? [start] : []];
    for (let branch = open.pop(); branch; branch = open.pop()) {
      if (branch.value !== undefined) found.push(branch.value);
      open.push(...branch.children.values());
    }
    return found;
  }

  /** Branches from the root to a directory; none when nothing is known of it. */
  private way(directory: string): Branch<T>[] {
    const way = [this.root];
    for (const part of partsOf(directory)) {
      const next = way.at(-1)?.children.get(part);
      if (!next) return [];
      way.push(next);
    }
    return way;
  }

  private prune(directory: string): void {
    const parts = partsOf(directory);
    const way = this.way(directory);
    for (let depth = way.length - 1; depth > 0; depth--) {
      const branch = way[depth];
      if (!branch || branch.value !== undefined || branch.children.size > 0) return;
      way[depth - 1]?.children.delete(parts[depth - 1] ?? '');
    }
  }
}

function partsOf(directory: string): string[] {
  return directory.split(path.sep).filter((part) => part !== '');
}
