/** Runs a program of the local stack so that Ctrl-C, at any moment, ends what it started before it ends itself. */

type Cleanup = () => Promise<void>;

export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/**
 * `interrupted` rejects on SIGINT, SIGTERM or SIGHUP. Clean-ups run in reverse order, however `work` ends; the exit
 * code is 130 after an interruption, 1 after an error, else 0. A start that is under way when the signal comes is
 * waited for first, so that nothing starts behind the clean-up's back.
 */
export async function runUntilInterrupted(
  work: (interrupted: Promise<never>, cleanup: (action: Cleanup) => void) => Promise<void>,
): Promise<void> {
  const cleanups: Cleanup[] = [];
  let stopped = false;
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => {
      if (!stopped) process.stdout.write('\nStopping ...\n');
      stopped = true;
      reject(new Interrupted());
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    // The launcher was killed: nobody is left to send a signal.
    process.on('disconnect', stop);
    // Watching for that must not keep this process alive.
    process.channel?.unref();
  });
  interrupted.catch(() => undefined);
  let exitCode = 0;
  try {
    await work(interrupted, (action) => cleanups.push(action));
    if (stopped) exitCode = 130;
  } catch (error) {
    // What fails after the signal, fails because of it.
    exitCode = stopped ? 130 : 1;
    if (!stopped) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  for (const action of cleanups.reverse())
    await action().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  process.exit(exitCode);
}
