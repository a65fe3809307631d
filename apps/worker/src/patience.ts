/** How long a worker that starts waits for the services it needs. Milliseconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Runs a step of the start until it succeeds: at the start of a deployment, or of a laptop, the services beneath come
 * up at the same time. After a minute its own error is thrown.
 */
export async function patiently<T>(step: () => Promise<T>, onFailure: (error: unknown) => void): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      onFailure(error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
