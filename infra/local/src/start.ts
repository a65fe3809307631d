/** `npm start`: the stack stays up, on the usual ports, with its state in `.windrow/` of the repository. */
import path from 'node:path';
import { ROOT } from './paths';
import { runUntilInterrupted } from './interruptible';
import { serviceSettings } from './service-settings';
import { startStack } from './stack';

const PORTS = { api: 8080, temporal: 7233, temporalUi: 8233, blob: 10000, table: 10002, batch: 10010 };

async function main(): Promise<void> {
  const say = (message: string) => console.log(message);
  await runUntilInterrupted(async (interrupted, cleanup) => {
    const address = process.env.TEMPORAL_ADDRESS;
    const stack = await startStack({
      directory: process.env.WINDROW_HOME ?? path.join(ROOT, '.windrow', 'stack'),
      ports: PORTS,
      say,
      env: serviceSettings(),
      ...(address && { temporalAddress: address }),
    });
    cleanup(() => stack.stop());
    say(`API           ${stack.apiUrl}/v1`);
    say(`API docs      ${stack.apiUrl}/docs`);
    if (stack.temporalUiUrl) say(`Temporal UI   ${stack.temporalUiUrl}`);
    say(`Temporal      ${stack.temporalAddress}`);
    say(
      `Azure Batch   ${stack.batch.endpoint} (emulator, account ${stack.batch.account}; key: npm run -s emulator -- env)`,
    );
    say('Blob, Table   for an Azure storage client, with the well-known development key of Azurite:');
    say(`              AZURE_STORAGE_CONNECTION_STRING='${stack.storageConnectionString}'`);
    say('Ctrl-C stops everything; what was done is kept for the next start.');
    await Promise.race([interrupted, stack.failed]);
  });
}

void main();
