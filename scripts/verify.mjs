// `npm test` and `npm run verify`. Verify is what CI runs: format, lint, types, import rule, then every test.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', name);

const CHECKS = [
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']],
  ['types', [path.join(root, 'scripts/build.mjs'), '--types-only']],
  [
    'import rule',
    [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'libs',
      'infra',
      'test',
    ],
  ],
];

/** Ends the process: 0 only when every check and every test passed. The last line counts the tests. */
export async function run(command, args) {
  await prepareTemporal();
  let failed = [];
  if (command === 'verify') {
    const clients = prepareClients();
    failed = CHECKS.filter(([name, commandLine]) => !step(name, commandLine)).map(([name]) => name);
    if (!(await clients)) failed.push('clients');
  }
  const tests = jest(args);
  if (failed.length > 0) console.log(`\nChecks that failed: ${failed.join(', ')}`);
  if (tests.suites > 0) console.log(`${tests.suites} test files could not be run.`);
  console.log(`${tests.passed} passed, ${tests.failed + tests.suites + failed.length} failed`);
  process.exit(tests.ok && failed.length === 0 ? 0 : 1);
}

/** Before the tests, which have time limits: a first build of Temporal takes minutes. */
async function prepareTemporal() {
  const { findTemporal } = createRequire(import.meta.url)(path.join(root, 'infra/local/dist/index.js'));
  try {
    await findTemporal((message) => console.log(message));
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
}

/** Installs the official Batch clients beside the checks: minutes the first time, nothing later. */
function prepareClients() {
  const script = path.join(root, 'scripts/clients.mjs');
  // On a developer's machine a client without its runtime is left out by name; in CI none is.
  const args = process.env.CI ? [script, '--all'] : [script];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)));
}

function step(name, commandLine) {
  const began = Date.now();
  const { status } = spawnSync(process.execPath, commandLine, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return status === 0;
}

function jest(args) {
  const report = path.join(root, '.windrow', `jest-${process.pid}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  const { status } = spawnSync(
    process.execPath,
    [bin('jest/bin/jest.js'), '--json', `--outputFile=${report}`, '--maxWorkers=2', '--forceExit', ...args],
    // The report goes to the file; what jest would print of it on standard output is of no use to a person.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return {
      ok: status === 0 && result.numPassedTests > 0,
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      suites: result.numRuntimeErrorTestSuites,
    };
  } catch {
    return { ok: false, passed: 0, failed: 0, suites: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}
