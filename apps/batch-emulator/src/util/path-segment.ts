/** A name as one segment of a URL. Half of a surrogate pair, which JSON can hold, has no encoding and is replaced. */
export function pathSegment(name: string): string {
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd'));
}
