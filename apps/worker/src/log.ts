import pino from 'pino';
import { DefaultLogger, Runtime } from '@temporalio/worker';

/** JSON lines on standard error; Temporal's own messages join them. Call once, before any connection. */
export function installLogging(level: string): pino.Logger {
  const logger = pino({ level }, pino.destination({ dest: 2, sync: true }));
  Runtime.install({
    // We end the process ourselves, after the workers drained.
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level: severity, message, meta }) => {
      const method = severity.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
      logger[method](meta ?? {}, message);
    }),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
  return logger;
}
