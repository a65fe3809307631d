import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from '@windrow/batch-emulator';
import type { Target } from './target';

const ROOT = path.join(__dirname, '../..');
const SOURCES = path.join(ROOT, 'apps/batch-emulator/src');

/** The program as it is in the sources, compiled into a folder of its own: tests of it need no build. */
export function compileEmulator(): { main: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'emulator-program-'));
  for (const name of readdirSync(SOURCES, { recursive: true }) as string[]) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const { code } = transformSync(readFileSync(path.join(SOURCES, name), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    const target = path.join(folder, 'dist', name.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  cpSync(path.join(ROOT, 'apps/batch-emulator/package.json'), path.join(folder, 'package.json'));
  return { main: path.join(folder, 'dist/main.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The emulator as a process of its own, which can be killed. */
export class ChildEmulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly target: Target,
    readonly errors: () => string,
    private readonly gone: Promise<number | null>,
  ) {}

  /** With a limit the files it writes may have so many KiB at most. */
  static async start(
    main: string,
    args: readonly string[],
    maxFileKib?: number,
    variables = {},
  ): Promise<ChildEmulator> {
    const command = [process.execPath, main, '--port', '0', ...args];
    const limit = maxFileKib === undefined ? '' : `ulimit -f ${maxFileKib}; `;
    const environment = { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules'), ...variables };
    const child = spawn('/bin/sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], { env: environment });
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    let [output, errors] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /"listening":"([^"]+)"/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      void gone.then((code) => reject(new Error(`ended with ${code}: ${errors}`)));
    });
    return new ChildEmulator(child, { url, account: WELL_KNOWN_ACCOUNT, key: WELL_KNOWN_KEY }, () => errors, gone);
  }

  /** The exit code, once it has ended. */
  ended(): Promise<number | null> {
    return this.gone;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** From now on nobody reads what it says. */
  turnAway(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }
}
