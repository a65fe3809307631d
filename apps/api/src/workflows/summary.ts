/** Temporal's limit is 400 bytes of JSON text; escapes and multi-byte characters count. */
const MAX_BYTES = 380;

/** Cuts a summary to what Temporal takes, at whole characters. */
export function shortSummary(text: string): string {
  const size = (value: string) => Buffer.byteLength(JSON.stringify(value));
  if (size(text) <= MAX_BYTES) return text;
  const characters = [...text];
  let kept = '';
  for (const character of characters) {
    if (size(`${kept}${character}...`) > MAX_BYTES) break;
    kept += character;
  }
  return `${kept}...`;
}
