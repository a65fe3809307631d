/** Two projects: `unit` needs no server, `e2e` starts the real stack (built code, real processes). */
const common = {
  testEnvironment: 'node',
  rootDir: __dirname,
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Packages that ship as ES modules only, and one that imports while it runs.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|hyparquet|hyparquet-compressors|csv-parse|content-disposition|cookie|file-type|hysnappy|fzstd|jose|@opentelemetry/otlp-exporter-base)/)',
  ],
  moduleNameMapper: {
    '^@windrow/(contract|batch|storage|config|codec|tracing)$': '<rootDir>/libs/$1/src',
    '^@windrow/(api|worker|batch-emulator|cli)$': '<rootDir>/apps/$1/src',
    '^@windrow/local-stack$': '<rootDir>/infra/local/src',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.windrow/'],
};

module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,infra,examples}/**/*.spec.ts', '<rootDir>/test/batch-conformance/**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{e2e,chaos,clients,workflows,replay,activities}/**/*.spec.ts'],
    },
  ],
  testTimeout: 120_000,
};
