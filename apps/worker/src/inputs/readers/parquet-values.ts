/**
 * JSON text of a parquet value. Integers beyond 2^53 become strings, so that no digit is lost; times become ISO 8601;
 * bytes that are no text become base64; what JSON lacks (NaN, infinities, nothing) becomes null.
 */
export function jsonOfCell(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'bigint':
      return jsonOfBigInt(value);
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return jsonOfObject(value);
    default:
      return 'null';
  }
}

function jsonOfBigInt(value: bigint): string {
  const digits = value.toString();
  // Most are short; only the long ones need a closer look.
  return digits.length < 16 || Number.isSafeInteger(Number(value)) ? digits : `"${digits}"`;
}

function jsonOfObject(value: object | null): string {
  if (value === null) return 'null';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`;
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value as unknown as ArrayLike<unknown>, jsonOfCell).join(',')}]`;
  }
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonOfCell(member)}`);
  return `{${members.join(',')}}`;
}
