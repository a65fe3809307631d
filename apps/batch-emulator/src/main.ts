#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommandLine, type CommandLineOptions } from './config';
import { startEmulator } from './emulator';
import { HELP } from './help';
import { shellExports } from './shell-exports';
import { startupFailure } from './startup-failure';
import { silent, stderrLog } from './util/log';

async function serve(options: CommandLineOptions): Promise<void> {
  const log = options.quiet ? silent : stderrLog((line) => process.stderr.write(line));
  const onFailure = (error: Error): void => {
    console.error(error.message);
    // On its way out it ends the processes of tasks.
    process.exit(1);
  };
  const emulator = await startEmulator({ ...options, log, onFailure });
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
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  process.on('exit', () => emulator.killProcesses());
  const { url: listening, adminUrl: admin, account } = emulator;
  console.log(JSON.stringify({ listening, account, ...(options.adminPort !== undefined && { admin }) }));
  log(`Azure Batch emulator for account ${emulator.account} on ${emulator.url}`);
  log(`management: ${emulator.url}${emulator.resourceId}`);
  if (!options.bearer) log('management needs a bearer token, and none is accepted: start with --bearer any');
  log(`auto storage: ${emulator.autoStorage ?? 'none, so no application packages; --storage gives one'}`);
  if (emulator.adminUrl) log(`admin, open to everybody: ${emulator.adminUrl}/emulator/`);
  if (options.bearer) log('WARNING: every bearer token is accepted, unchecked (--bearer any); for development only');
}

function printVersion(): void {
  const text = readFileSync(path.join(__dirname, '../package.json'), 'utf8');
  console.log((JSON.parse(text) as { version: string }).version);
}

async function main(): Promise<void> {
  // Whoever read what is said here may go, for one a closed terminal; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const options = attempt(() => parseCommandLine(process.argv.slice(2)));
  if (options.command === 'help') console.log(HELP);
  else if (options.command === 'version') printVersion();
  else if (options.command === 'env') console.log(shellExports(options));
  else await serve(options).catch((error: unknown) => fail(error, options));
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown, options?: CommandLineOptions): never {
  const { message, exitCode } = startupFailure(error, options);
  console.error(message);
  process.exit(exitCode);
}

void main();
