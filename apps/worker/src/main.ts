import { readConfig } from './config';
import { installLogging } from './log';
import { startWorkers } from './worker-host';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = installLogging(config.logLevel);
  const host = await startWorkers(
    config,
    (service, error) => logger.warn({ error: textOf(error) }, `waiting for ${service}`),
    (audit, lost, error) => logger.error({ error: textOf(error), audit, lost }, 'the audit log did not take a line'),
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'worker shutting down');
      host.shutdown();
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  await host.done;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`worker: ${textOf(error)}\n`);
    process.exit(1);
  },
);
