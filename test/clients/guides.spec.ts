/** The guides of the emulator's README, run as they are printed there, with the real clients. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { installed, type ClientName } from './installed';

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, '../..');
const README = readFileSync(path.join(ROOT, 'apps/batch-emulator/README.md'), 'utf8');

/** The first block of that language below that heading. */
function block(heading: string, language: string): string {
  const [, section = ''] = README.split(`\n### ${heading}\n`);
  const [, text] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section.split(/\n##+ /)[0] ?? '') ?? [];
  if (text === undefined) throw new Error(`The README has no ${language} below '${heading}'.`);
  return text;
}

describe('the guides of the README', () => {
  let emulator: Emulator;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'emulator-guides-'));
    emulator = await startEmulator();
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = ({ url, account, key }: Emulator = emulator, extra: Record<string, string> = {}) => ({
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_BATCH_ACCOUNT: account,
    AZURE_BATCH_ENDPOINT: url,
    AZURE_BATCH_ACCESS_KEY: key,
    ...extra,
  });

  /** Writes the guide to a file and runs it; what it prints. */
  async function outputOf(program: string, file: string, text: string, env = environment()): Promise<string> {
    await writeFile(path.join(folder, file), text);
    return (await run(program, [file], { cwd: folder, env })).stdout;
  }

  /** Guides whose client is not on this machine are left out by name, as scripts/clients.mjs leaves them out. */
  function guide(title: string, name: ClientName, prove: (directory: string) => Promise<void>): void {
    const found = installed(name);
    if ('missing' in found) process.stderr.write(`the guide for ${title} is left out: ${found.missing}\n`);
    else it(title, () => prove(found.directory));
  }

  it('JavaScript, @azure/batch', async () => {
    const env = environment(emulator, { NODE_PATH: path.join(ROOT, 'node_modules') });
    const text = block('JavaScript, @azure/batch', 'js');
    expect(await outputOf(process.execPath, 'guide.js', text, env)).toBe('hello from task-1\n');
  });

  it('JavaScript, @azure/arm-batch', async () => {
    const [openssl = '', start = ''] = block('JavaScript, @azure/arm-batch', 'sh').split('\nnpx ');
    expect(start).toBe('batch-emulator --bearer any --cert cert.pem --key key.pem\n');
    await run('sh', ['-c', openssl], { cwd: folder });
    const [cert, key] = await Promise.all(['cert.pem', 'key.pem'].map((name) => readFile(path.join(folder, name))));
    const secure = await startEmulator({ bearer: true, tls: { cert: cert!, key: key! } });
    const env = environment(secure, {
      NODE_PATH: path.join(ROOT, 'node_modules'),
      NODE_EXTRA_CA_CERTS: path.join(folder, 'cert.pem'),
    });
    const text = block('JavaScript, @azure/arm-batch', 'js');
    expect(await outputOf(process.execPath, 'manage.js', text, env)).toBe('managed-pool\n');
    await secure.close();
  });

  for (const [title, name] of [
    ['Python, azure-batch 15', 'python15'],
    ['Python, azure-batch 14', 'python14'],
  ] as const) {
    guide(title, name, async (directory) => {
      const program = path.join(directory, 'bin/python');
      expect(await outputOf(program, `${name}.py`, block(title, 'python'))).toBe('hello from task-1\n');
    });
  }

  guide('Azure CLI', 'azureCli', async (directory) => {
    const env = environment(emulator, { PATH: `${path.join(directory, 'bin')}:${process.env['PATH']}` });
    expect(await outputOf('sh', 'guide.sh', block('Azure CLI', 'sh'), env)).toMatch(/hello from task-1\n$/);
  });

  guide('Java', 'java', async (directory) => {
    const version = /<artifactId>azure-batch<\/artifactId>\s*<version>(.*?)<\/version>/;
    const recipe = await readFile(path.join(__dirname, 'pom.xml'), 'utf8');
    expect(version.exec(block('Java', 'xml'))?.[1]).toBe(version.exec(recipe)?.[1]);
    await symlink(path.join(directory, 'lib'), path.join(folder, 'lib'));
    await writeFile(path.join(folder, 'Guide.java'), block('Java', 'java'));
    // The line before it fetches what is in the cache already.
    const [, java = ''] = block('Java', 'sh').split('\n');
    expect((await run('sh', ['-c', java], { cwd: folder, env: environment() })).stdout).toBe('hello from task-1\n');
  });
});
