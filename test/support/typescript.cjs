/** `node --require` this to run our TypeScript as it stands in the sources, without a build. */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.resolve(__dirname, '../..');
const original = Module._resolveFilename;

Module._resolveFilename = function resolve(request, ...rest) {
  const library = /^@windrow\/(contract|batch|storage)$/.exec(request);
  return original.call(this, library ? path.join(root, 'libs', library[1], 'src/index.ts') : request, ...rest);
};

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
