/** The import rule of docs/architecture.md, section "Rooms". */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(apps|libs|infra|test)/', pathNot: [allowed, '(^|/)node_modules/'] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('contract-is-a-leaf', '^libs/contract/', '^libs/contract/'),
    only('batch-imports-contract', '^libs/batch/', '^libs/(batch|contract)/'),
    only('storage-imports-contract', '^libs/storage/', '^libs/(storage|contract)/'),
    only('config-imports', '^libs/config/', '^libs/(config|contract|storage|batch|codec|tracing)/'),
    only('tracing-imports-contract', '^libs/tracing/', '^libs/(tracing|contract)/'),
    only('codec-is-a-leaf', '^libs/codec/', '^libs/codec/'),
    only('api-imports', '^apps/api/', '^(apps/api|libs/(contract|storage|batch|config|codec|tracing))/'),
    only(
      'workflows-import-contract',
      '^apps/worker/src/workflows/',
      '^(apps/worker/src/(workflows|activities)|libs/contract)/',
    ),
    {
      name: 'workflows-see-activities-as-types',
      severity: 'error',
      from: { path: '^apps/worker/src/workflows/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/worker/src/activities/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'activities-import',
      '^apps/worker/src/(activities|inputs|results|secrets)/',
      '^(apps/worker/src/(activities|inputs|results|secrets|webhooks)|libs/(contract|storage|batch))/',
    ),
    only('webhooks-import', '^apps/worker/src/webhooks/', '^(apps/worker/src/webhooks|libs/(contract|codec|config))/'),
    only('emulator-stands-alone', '^apps/batch-emulator/', '^apps/batch-emulator/'),
    only('cli-imports-contract', '^apps/cli/', '^(apps/cli|libs/contract)/'),
    {
      name: 'cli-sees-the-contract-as-types',
      severity: 'error',
      from: { path: '^apps/cli/src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/contract/', dependencyTypesNot: ['type-only'] },
    },
    only('local-stack-stands-alone', '^infra/local/', '^infra/local/'),
    {
      name: 'no-deep-imports',
      severity: 'error',
      from: { path: '^(apps|libs|infra|test)/([^/]+)/' },
      to: {
        path: '^(apps|libs|infra)/([^/]+)/(src|dist)/',
        pathNot: ['^(apps|libs|infra)/$2/', '/(src|dist)/index\\.(ts|js|d\\.ts)$'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.tests.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
