/** Running totals by name and labels, in the text format of Prometheus. */
export class Counters {
  private readonly totals = new Map<string, Map<string, { value: number }>>();

  /** Labels as they are written: `poolId="p",jobId="j"`. */
  bump(name: string, labels: string): void {
    let series = this.totals.get(name);
    if (!series) this.totals.set(name, (series = new Map<string, { value: number }>()));
    const total = series.get(labels);
    if (total) total.value++;
    else series.set(labels, { value: 1 });
  }

  text(): string {
    let result = '';
    for (const [name, series] of this.totals) {
      result += `# TYPE ${name} counter\n`;
      for (const [labels, { value }] of series) result += `${name}{${labels}} ${value}\n`;
    }
    return result;
  }
}

/** A label value: backslash, quote and line feed are escaped. */
export function label(name: string, value: string): string {
  const escaped = /[\\"\n]/.test(value)
    ? value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
    : value;
  return `${name}="${escaped}"`;
}
