/** The value below which the given share (0 to 1) of the values lies, by linear interpolation. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error('There are no values.');
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}
