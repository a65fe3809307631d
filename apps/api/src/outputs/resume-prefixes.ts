/**
 * Prefixes that, listed one after the other, give every blob from `task` on in the order of names. Listing has no
 * "start after", but task folders are numbers of a fixed width: after 00000123/ come 00000124/ .. 00000129/, then
 * 0000013 .. 0000019, then 000002 .. 000009, and so on. At most 9 x width + 1 listings, most of them empty.
 */
export function resumePrefixes(root: string, task: string): string[] {
  const prefixes = [`${root}${task}/`];
  for (let place = task.length - 1; place >= 0; place--) {
    const head = task.slice(0, place);
    for (let digit = Number(task[place]) + 1; digit <= 9; digit++) prefixes.push(`${root}${head}${digit}`);
  }
  return prefixes;
}
