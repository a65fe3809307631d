import type { LoggerService } from '@nestjs/common';
import { destination, type DestinationStream, type Logger, pino } from 'pino';
import { currentRequest, requestFacts } from '../http/current-request';

/**
 * JSON lines on stderr; stdout is for the one line that says where the API listens. What is written while a request is
 * served says which, whose, and what it is about.
 */
export function createLogger(level: string, target: DestinationStream = destination({ dest: 2, sync: true })): Logger {
  return pino({ level, base: { app: 'api' }, mixin: () => requestFacts(currentRequest()) }, target);
}

/** Lets Nest write to the same log. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: rest.at(-1) });
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) =>
      logger.error({ ...context(rest), stack: rest[0] }, String(message)),
  };
}
