import 'reflect-metadata';
import { ConfigError } from '@windrow/config';
import { startTracing } from '@windrow/tracing';
import { createApp } from './app';
import { createLogger } from './common/logger';
import { readConfig } from './config';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const tracing = startTracing(config.tracing, (reason) =>
    logger.warn({ reason }, 'spans were not taken and are lost'),
  );
  const api = await createApp(config);
  const listening = await api.listen();
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for requests in flight.
      if (stopping) process.exit(1);
      stopping = true;
      logger.info({ signal }, 'stopping');
      api
        .close()
        .finally(() => tracing.close())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            logger.error({ err: error }, 'could not stop cleanly');
            process.exit(1);
          },
        );
    });
  }
  console.log(JSON.stringify({ listening }));
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
