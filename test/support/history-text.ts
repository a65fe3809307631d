/** A history as text, its payloads included. Its messages' own JSON would show those in base64. */
export function historyText(history: unknown): string {
  return JSON.stringify(plain(history));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
