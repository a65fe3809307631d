import { isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

/** From 1. */
export interface Place {
  line: number;
  column: number;
}

/** The steps of a JSON path such as `$.task.environment["A B"]` or `$.input.items[3].x`. */
export function pathSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, index, quoted] of path.matchAll(/\.([\w-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(JSON.parse(quoted) as string);
  }
  return steps;
}

/**
 * Where a path of a document stands: its name, where it has one. Of what is not there (a required field) it is the
 * nearest part around it that is.
 */
export function placeOf(root: Node | null, lines: LineCounter, steps: readonly (string | number)[]): Place | undefined {
  let here: Node | null = root;
  let start = startOf(root);
  for (const step of steps) {
    const found = child(here, step);
    if (!found) break;
    start = found.start ?? start;
    here = found.node;
  }
  if (start === undefined) return undefined;
  const { line, col } = lines.linePos(start);
  return { line, column: col };
}

function child(node: Node | null, step: string | number): { node: Node | null; start: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return isNode(item) ? { node: item, start: startOf(item) } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }: Pair) => isScalar(key) && String(key.value) === String(step));
  if (!pair) return undefined;
  return { node: isNode(pair.value) ? pair.value : null, start: startOf(isNode(pair.key) ? pair.key : null) };
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}
