// Installs the official Azure Batch clients that the tests run against the emulator, and the fuzzer that they send at the
// API, each into the user's cache, and writes down where they are (.windrow/clients.json). What this machine has no runtime for is left out by name.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const recipes = path.join(root, 'test/clients');
const cache = path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'windrow/clients');

const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const python = (requirements) => ({
  needs: [['python3', '-m', 'venv', '--help']],
  steps: (directory) => [
    ['python3', '-m', 'venv', directory],
    [
      path.join(directory, 'bin/pip'),
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      path.join(recipes, requirements),
    ],
  ],
});

/** The directory is named after the versions, which the recipe pins. */
const CLIENTS = {
  python15: { directory: 'azure-batch-15.1.0', ...python('azure-batch-15.txt') },
  python14: { directory: 'azure-batch-14.2.0', ...python('azure-batch-14.txt') },
  schemathesis: { directory: 'schemathesis-4.32.5', ...python('schemathesis.txt') },
  azureCli: { directory: 'azure-cli-2.91.0', ...python('azure-cli.txt') },
  java: {
    directory: 'java-azure-batch-11.2.0',
    needs: [
      ['java', '-version'],
      ['mvn', '-version'],
    ],
    steps: (directory) => [
      ['mvn', '-q', '-B', '-f', path.join(recipes, 'pom.xml'), COPY_DEPENDENCIES, `-DoutputDirectory=${directory}/lib`],
    ],
  },
};

const runs = ([program, ...args]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

function attempt([program, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-2000)));
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${errors.trim()}`)),
    );
  });
}

/** Where the client is, or why it is not there. */
async function prepare(name, { directory: name_, needs, steps }) {
  const directory = path.join(cache, name_);
  const complete = path.join(directory, '.complete');
  if (existsSync(complete)) return { directory };
  const absent = needs.find((command) => !runs(command));
  if (absent) return { missing: `this machine has no ${absent.join(' ')}` };
  console.log(`installing the ${name} client (${name_}) into ${directory}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  try {
    for (const command of steps(directory)) await attempt(command);
  } catch (error) {
    return { missing: error.message, failed: true };
  }
  writeFileSync(complete, '');
  return { directory };
}

const found = {};
for (const [name, recipe] of Object.entries(CLIENTS)) {
  found[name] = await prepare(name, recipe);
  if (found[name].missing) console.log(`without the ${name} client: ${found[name].missing}`);
}
mkdirSync(path.join(root, '.windrow'), { recursive: true });
writeFileSync(path.join(root, '.windrow/clients.json'), JSON.stringify(found, undefined, 2));
// A runtime that is not there is no fault, but for those who want every client tested; an installation that fails is.
const wantsAll = process.argv.includes('--all');
process.exitCode = Object.values(found).some(({ failed, missing }) => failed || (wantsAll && missing)) ? 1 : 0;
