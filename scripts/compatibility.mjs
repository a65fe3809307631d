// Writes what documents of the emulator take from its built source: the compatibility list, where the repository and
// where the package have it, and the options in the README.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = (file) => createRequire(import.meta.url)(path.join(root, 'apps/batch-emulator/dist', file));
const { compatibilityDocument } = built('compatibility/markdown.js');
const { HELP } = built('help.js');

for (const folder of ['docs', 'apps/batch-emulator/docs']) {
  mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, folder, 'compatibility.md'), compatibilityDocument());
}

const readme = path.join(root, 'apps/batch-emulator/README.md');
const options = readFileSync(readme, 'utf8').replace(/(?<=\n## Options\n\n```text\n)[^]*?(?=```\n)/, () => HELP);
writeFileSync(readme, options);
