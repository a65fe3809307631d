/**
 * The API against its own description, under a fuzzer: no 5xx, no status, header, media type or schema that is not
 * described, nothing taken that the description refuses. `npm run clients` installs the fuzzer.
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestStack } from '../support';
import { ADMIN_KEY, startFuzzedStack } from './fuzzed-stack';
import { installed } from './installed';

/** The same requests in each run. */
const SEED = '1';
/** Of each operation, beside its examples and the limits of each of its fields. */
const EXAMPLES = '3';
const TIME_LIMIT_MS = 20 * 60_000;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  // Not `positive_data_acceptance`: rules over several fields are not in schemas, nor is which page tokens there are.
  // Not `ignored_auth` and `missing_required_header`: they make more wrong attempts than an address may, and take the
  // 429 for an error; access.spec.ts walks over every route instead.
];

const found = installed('schemathesis');
if ('missing' in found) process.stderr.write(`schemathesis is left out: ${found.missing}\n`);

('missing' in found ? describe.skip : describe)('the API under schemathesis', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startFuzzedStack();
  });
  afterAll(() => stack.stop());

  it(
    'finds nothing that its description does not say',
    async () => {
      const directory = 'directory' in found ? found.directory : '';
      expect(await fuzz(directory, stack.stack.apiUrl)).toEqual({ code: 0, report: '' });
    },
    TIME_LIMIT_MS,
  );
});

/** The report is empty unless there is something to tell. */
async function fuzz(directory: string, url: string): Promise<{ code: number | null; report: string }> {
  const child = spawn(
    path.join(directory, 'bin/schemathesis'),
    [
      ...['--config-file', path.join(__dirname, 'schemathesis.toml')],
      ...['run', `${url}/docs-json`, '--header', `Authorization: Bearer ${ADMIN_KEY}`],
      ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing'],
      ...['--seed', SEED, '--max-examples', EXAMPLES],
      // Two threads break the parser of CPython 3.11 ("AST constructor recursion depth mismatch"), which hypothesis uses.
      ...['--workers', '1'],
      // What it found once is not to be found elsewhere again; and it is to leave no files.
      ...['--no-shrink', '--generation-database', 'none', '--request-timeout', '60', '--warnings', 'off', '--no-color'],
    ],
    {
      // It keeps notes of what it found where it stands.
      cwd: tmpdir(),
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        LANG: 'C.UTF-8',
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: path.join(__dirname, 'fuzz_hooks.py'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, report: code === 0 ? '' : output };
}
