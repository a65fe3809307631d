#!/usr/bin/env node
// Committed, because npm links a command at install only when its file exists, which is before the first build.
const { existsSync } = require('node:fs');
const path = require('node:path');

const main = path.join(__dirname, '..', 'dist', 'main.js');
if (existsSync(main)) {
  require(main);
} else {
  console.error(
    `Windrow is not built: there is no ${main}.\n  Next: run \`npm run build\` in the repository, then this again.`,
  );
  process.exitCode = 9;
}
