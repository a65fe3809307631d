/** A command line that cannot be meant; ends the program with exit code 2, as is the custom. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
