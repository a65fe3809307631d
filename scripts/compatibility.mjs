// Writes the compatibility list of the emulator, from the lists in its built source, where the repository and where the
// package have it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { compatibilityDocument } = createRequire(import.meta.url)(
  path.join(root, 'apps/batch-emulator/dist/compatibility/markdown.js'),
);
for (const folder of ['docs', 'apps/batch-emulator/docs']) {
  mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, folder, 'compatibility.md'), compatibilityDocument());
}
