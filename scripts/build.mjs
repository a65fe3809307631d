// Compiles every package (TypeScript 7), then bundles the workflows. `--types-only` checks tests as well, emits nothing more.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc');

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** A file that was moved leaves its old output behind, which Node may still find before the new one. */
function removeStaleOutput() {
  for (const group of ['apps', 'libs', 'infra', '.']) {
    for (const entry of readdirSync(path.join(root, group), { withFileTypes: true })) {
      const home = path.join(root, group, entry.name);
      const [dist, source] = [path.join(home, 'dist'), path.join(home, 'src')];
      // What of the tests is compiled has no `src` of its own.
      if (entry.isDirectory() && existsSync(dist)) removeOrphans(dist, existsSync(source) ? source : home);
    }
  }
}

function removeOrphans(dist, source) {
  for (const file of readdirSync(dist, { recursive: true })) {
    const stem = file.replace(/\.d\.ts$/, '');
    if (stem === file || existsSync(path.join(source, `${stem}.ts`))) continue;
    for (const ending of ['.d.ts', '.d.ts.map', '.js', '.js.map'])
      rmSync(path.join(dist, stem + ending), { force: true });
  }
}

removeStaleOutput();
run([tsc, '-b']);
if (process.argv.includes('--types-only')) run([tsc, '-p', 'tsconfig.tests.json']);
const bundler = path.join(root, 'apps/worker/dist/bundle-workflows.js');
if (existsSync(bundler)) run([bundler]);
