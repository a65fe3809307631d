import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * Runs `work`, and again from its start whenever `key()` changes meanwhile: what was begun for the old value is
 * cancelled and waited for. Returns what the last run gave.
 */
export async function withLatest<T>(key: () => string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = key();
    const scope = new CancellationScope();
    const change = new CancellationScope();
    void change
      .run(() => condition(() => key() !== before))
      .then(
        () => scope.cancel(),
        () => undefined,
      );
    try {
      return await scope.run(work);
    } catch (error) {
      const changed = isCancellation(error) && key() !== before;
      if (!changed || CancellationScope.current().consideredCancelled) throw error;
    } finally {
      change.cancel();
    }
  }
}
