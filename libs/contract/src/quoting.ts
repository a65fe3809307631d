/** Characters that no shell looks at twice. */
const NEEDS_NO_QUOTING = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** Whether a value can be put into a command line as it is: everything else is data, never a command. */
export function needsNoQuoting(value: string): boolean {
  return NEEDS_NO_QUOTING.test(value);
}
