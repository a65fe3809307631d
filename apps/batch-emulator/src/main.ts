import { HELP, parseCommandLine, type CommandLineOptions } from './config';
import { startEmulator } from './emulator';
import { silent, stderrLog } from './util/log';

function printExports({ host, port, account, key }: CommandLineOptions): void {
  console.log(`export AZURE_BATCH_ACCOUNT=${account}`);
  console.log(`export AZURE_BATCH_ENDPOINT=http://${host}:${port}`);
  console.log(`export AZURE_BATCH_ACCESS_KEY=${key}`);
}

async function serve(options: CommandLineOptions): Promise<void> {
  const log = options.quiet ? silent : stderrLog((line) => process.stderr.write(line));
  const { location, ...rest } = options;
  const emulator = await startEmulator({ ...rest, log, ...(location !== undefined && { location }) });
  let ending = false;
  const end = (signal: string): void => {
    // At once, and again for the impatient: no process of a task may outlive this one.
    emulator.killProcesses();
    if (ending) process.exit(1);
    ending = true;
    log(`${signal}: ending`);
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('exit', () => emulator.killProcesses());
  console.log(JSON.stringify({ listening: emulator.url, account: emulator.account }));
  log(`Azure Batch emulator for account ${emulator.account} on ${emulator.url}`);
}

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (options.command === 'help') console.log(HELP);
  else if (options.command === 'env') printExports(options);
  else await serve(options);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
