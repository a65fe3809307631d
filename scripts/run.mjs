// Entry of the commands in package.json: installs and builds what is missing, then runs the command.
// Plain Node, because nothing may be installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [command, ...args] = process.argv.slice(2);
// Their standard output is for programs.
const QUIET = command === 'emulator' || command === 'windrow';
// Where the person is: npm runs scripts in the repository's root.
const calledFrom = process.env.INIT_CWD ?? process.cwd();
const say = (message) => (QUIET ? process.stderr : process.stdout).write(`${message}\n`);

requireNode(20, 19);
install();
build();
process.chdir(root);

const LOCAL = {
  demo: 'infra/local/dist/demo.js',
  start: 'infra/local/dist/start.js',
  emulator: 'apps/batch-emulator/dist/main.js',
};
if (command in LOCAL) await runMain(LOCAL[command]);
else if (command === 'windrow') await runMain('apps/cli/dist/main.js', calledFrom);
else if (command === 'test' || command === 'verify') await import('./verify.mjs').then(({ run }) => run(command, args));
else if (command === 'bench') await runMain('test/dist/bench/main.js');
else if (command === 'chaos') await runMain('test/dist/chaos/main.js');
else if (command === 'bench:emulator') await runMain('test/dist/bench/emulator/main.js');
else fail(`Unknown command '${command}'.`);

function requireNode(major, minor) {
  const [have, haveMinor] = process.versions.node.split('.').map(Number);
  if (have > major || (have === major && haveMinor >= minor)) return;
  fail(`Windrow needs Node ${major}.${minor} or later; this is ${process.version} (${process.execPath}).`);
}

/** `npm ci` when node_modules is missing or belongs to another lock file. */
function install() {
  const stamp = path.join(root, 'node_modules', '.windrow-lock');
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the locked dependencies (npm ci) ...');
  const began = Date.now();
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const result = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', QUIET ? 2 : 'inherit', 'inherit'],
  });
  if (result.status !== 0)
    fail('npm ci failed (see above). Check that the npm registry can be reached, then run the command again.');
  writeFileSync(stamp, lock);
  say(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

function build() {
  const result = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], {
    cwd: root,
    stdio: ['ignore', QUIET ? 2 : 'inherit', 'inherit'],
  });
  if (result.status !== 0) fail('The build failed (see above).');
}

/**
 * Runs a program and ends with its exit code. A terminal's Ctrl-C reaches both; the program decides when it is done.
 * Should this process be killed, the program notices by the closed channel.
 */
async function runMain(file, cwd = root) {
  const child = spawn(process.execPath, ['--enable-source-maps', path.join(root, file), ...args], {
    cwd,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) =>
    child.once('exit', (status, signal) => resolve(status ?? (signal ? 1 : 0))),
  );
  process.exit(code);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
