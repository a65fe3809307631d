import { CancellationScope, condition } from '@temporalio/workflow';
import { wasCancelled } from './cancelled';

/**
 * Runs `work`, and again from its start whenever `key()` changes meanwhile: what was begun for the old value is
 * cancelled and waited for. Returns what the last run gave.
 */
export async function withLatest<T>(key: () => string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = key();
    const scope = new CancellationScope();
    const change = new CancellationScope();
    let changed = false;
    void change
      .run(() => condition(() => key() !== before))
      .then(
        () => {
          changed = true;
          scope.cancel();
        },
        () => undefined,
      );
    try {
      return await scope.run(work);
    } catch (error) {
      // The key may be what it was again by now: what was cancelled for it has to be begun anew all the same.
      if (!changed || !wasCancelled(error, scope) || CancellationScope.current().consideredCancelled) throw error;
    } finally {
      change.cancel();
    }
  }
}
