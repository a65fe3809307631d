/** Finds, downloads or builds Temporal's CLI, whose `server start-dev` is the local Temporal. */
import { spawn } from 'node:child_process';
import { access, chmod, constants, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { cachedTemporal, TEMPORAL_CLI_VERSION } from './paths';

const DOWNLOAD_LIMIT_MS = 120_000;
const BEAT_MS = 10_000;

export type Say = (message: string) => void;

/** Where a CLI comes from that is not here yet; each puts it at `target`. */
export interface TemporalSources {
  env: NodeJS.ProcessEnv;
  download: (target: string) => Promise<void>;
  buildWithGo: (target: string, say: Say) => Promise<void>;
}

const SOURCES: TemporalSources = { env: process.env, download, buildWithGo };

/**
 * Path of a Temporal CLI: on the PATH, cached, downloaded by the SDK, or built with Go. Says what it does where that
 * takes time. @throws Error naming every remedy when none of them works
 */
export async function findTemporal(say: Say, sources: TemporalSources = SOURCES): Promise<string> {
  const { env, download, buildWithGo } = sources;
  const onPath = await which('temporal', env);
  if (onPath) return onPath;
  const cached = cachedTemporal(env);
  if (await isExecutable(cached)) return cached;
  await mkdir(path.dirname(cached), { recursive: true });
  const problems: string[] = [];
  say(`Temporal ${TEMPORAL_CLI_VERSION} is not here yet. Downloading it (about 60 MB, once) ...`);
  try {
    await download(cached);
    return cached;
  } catch (error) {
    problems.push(`download: ${causeOf(error)}`);
    say(`The download failed (${causeOf(error)}).`);
  }
  if (await which('go', env)) {
    say('Building Temporal with Go instead: about three minutes and 250 MB, once.');
    try {
      await buildWithGo(cached, say);
      return cached;
    } catch (error) {
      problems.push(`go install: ${causeOf(error)}`);
    }
  } else problems.push('go install: no `go` on the PATH');
  throw new Error(
    [
      'Temporal could not be found, downloaded or built:',
      ...problems.map((problem) => `  - ${problem}`),
      'Do one of these and try again:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH',
      '  - set TEMPORAL_ADDRESS to a Temporal server that runs already, such as 127.0.0.1:7233',
      '  - install Go 1.23 or later (https://go.dev/dl); Windrow then builds Temporal itself',
      `  - put a copy of the CLI at ${cached}`,
    ].join('\n'),
  );
}

/** The SDK downloads into a directory of ours; what it puts there is then kept under our own name. */
async function download(target: string): Promise<void> {
  const directory = path.join(path.dirname(target), `download-${process.pid}`);
  await mkdir(directory, { recursive: true });
  try {
    const attempt = TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', version: TEMPORAL_CLI_VERSION, downloadDir: directory } },
    }).then((environment) => environment.teardown());
    await Promise.race([attempt, timeLimit(DOWNLOAD_LIMIT_MS)]);
    const [file] = (await readdir(directory)).filter((name) => name.startsWith('temporal'));
    if (!file) throw new Error('the SDK downloaded nothing');
    await copyFile(path.join(directory, file), `${target}.new`);
    await chmod(`${target}.new`, 0o755);
    await rename(`${target}.new`, target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function buildWithGo(target: string, say: Say): Promise<void> {
  const directory = path.join(path.dirname(target), `build-${process.pid}`);
  await mkdir(directory, { recursive: true });
  const started = Date.now();
  const beat = setInterval(() => say(`  building Temporal: ${Math.round((Date.now() - started) / 1000)} s`), BEAT_MS);
  try {
    await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@${TEMPORAL_CLI_VERSION}`], {
      GOBIN: directory,
    });
    const [file] = await readdir(directory);
    if (!file) throw new Error('go install left no program');
    await rename(path.join(directory, file), target);
  } finally {
    clearInterval(beat);
    await rm(directory, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(stderr.trim().split('\n').at(-1) ?? `${command} ended with ${code}`));
    });
  });
}

async function which(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of (env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(directory, process.platform === 'win32' ? `${name}.exe` : name);
    if (directory !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function timeLimit(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`took longer than ${ms / 1000} s`)), ms).unref();
  });
}

/** The innermost cause, which chains of wrapped errors put last. */
function causeOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return (
    line
      .split(': ')
      .at(-1)
      ?.replace(/\)+\.?$/, '') ?? line
  );
}
