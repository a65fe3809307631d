/** What a run ended with is not what it had to end with. Names the task, what was expected, what is there, and where. */
export class Difference extends Error {
  constructor(what: string, facts: { expected: unknown; found: unknown; where?: string }) {
    const lines = [what, `  expected: ${text(facts.expected)}`, `  found:    ${text(facts.found)}`];
    if (facts.where !== undefined) lines.push(`  where:    ${facts.where}`);
    super(lines.join('\n'));
    this.name = 'Difference';
  }
}

/** @throws Difference unless both are the same as JSON */
export function same(what: string, found: unknown, expected: unknown, where?: string): void {
  if (text(found) === text(expected)) return;
  throw new Difference(what, { expected, found, ...(where !== undefined && { where }) });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
