import { readConfig } from './config';
import { installLogging } from './log';
import { startWorkers } from './worker-host';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = installLogging(config.logLevel);
  const host = await startWorkers(config, (service, error) =>
    logger.warn({ error: error instanceof Error ? error.message : String(error) }, `waiting for ${service}`),
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

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
