#!/usr/bin/env node
import { run } from './run';
import { processIo } from './terminal';

void run(process.argv.slice(2), processIo()).then((exitCode) => {
  // Not `exit`: what was written to a pipe may still be on its way.
  process.exitCode = exitCode;
});
