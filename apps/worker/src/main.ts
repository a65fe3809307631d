import { startTracing } from '@windrow/tracing';
import { readConfig } from './config';
import { installLogging } from './log';
import { Readiness, serveOperations } from './operations-server';
import { startWorkers } from './worker-host';
import { WorkerMetrics } from './worker-metrics';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = installLogging(config.logLevel);
  const tracing = startTracing(config.tracing, (reason) =>
    logger.warn({ reason }, 'spans were not taken and are lost'),
  );
  const metrics = new WorkerMetrics();
  const readiness = new Readiness();
  const operations = config.operations && (await serveOperations(config.operations, metrics, readiness));
  if (operations) logger.info({ port: operations.port }, 'health and metrics are served');
  const host = await startWorkers(
    config,
    (service, error) => {
      readiness.waitsFor(service);
      logger.warn({ error: textOf(error) }, `waiting for ${service}`);
    },
    (audit, lost, error) => {
      metrics.auditLineLost();
      logger.error({ error: textOf(error), audit, lost }, 'the audit log did not take a line');
    },
    metrics,
  );
  readiness.ready();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'worker shutting down');
      readiness.waitsFor('its end');
      host.shutdown();
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  await host.done;
  await tracing.close();
  await operations?.close();
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
