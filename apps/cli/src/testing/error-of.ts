/** What a promise was rejected with. */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
  const nothing = Symbol();
  const error = await work.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('It did not fail.');
  return error as Error;
}
