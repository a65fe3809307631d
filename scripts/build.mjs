// Compiles every package (TypeScript 7), then bundles the workflows. `--types-only` checks tests as well, emits nothing more.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc');

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run([tsc, '-b']);
if (process.argv.includes('--types-only')) run([tsc, '-p', 'tsconfig.tests.json']);
const bundler = path.join(root, 'apps/worker/dist/bundle-workflows.js');
if (existsSync(bundler)) run([bundler]);
