/** Starts the stack's processes, each in a group of its own, and ends them by id, the last started first. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './paths';

const KILL_AFTER_MS = 8000;
const TAIL_LINES = 20;

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
}

export interface RunningProcess {
  name: string;
  pid: number;
  /** Rejects when the process ends without having been told to. */
  gone: Promise<never>;
  /** First line of standard output that parses as JSON and passes `accept`. */
  line: (accept: (value: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;
  stop(): Promise<void>;
  /** As a crash: SIGKILL, and no complaint. */
  kill(): Promise<void>;
}

export class Supervisor {
  private readonly running: RunningProcess[] = [];
  private watchdog: ChildProcess | undefined;

  constructor(private readonly logDirectory: string) {}

  async start(spec: ProcessSpec): Promise<RunningProcess> {
    await mkdir(this.logDirectory, { recursive: true });
    const log = createWriteStream(path.join(this.logDirectory, `${spec.name}.log`), { flags: 'a' });
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...inherited(), ...spec.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tail: string[] = [];
    const listeners = new Set<(line: string) => void>();
    const onLine = (line: string) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line);
      for (const listener of listeners) listener(line);
    });
    createInterface({ input: child.stderr }).on('line', onLine);

    let stopping = false;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const gone = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(new Error(`${spec.name} could not be started: ${error.message}`)));
      child.once('exit', (code, signal) => {
        if (stopping) return;
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        reject(
          new Error(
            `${spec.name} ended ${how}. Its last output (all of it in ${log.path as string}):\n${tail.join('\n')}`,
          ),
        );
      });
    });
    gone.catch(() => undefined);
    await new Promise<void>((resolve) => {
      child.once('spawn', resolve);
      child.once('error', () => resolve());
    });
    const pid = child.pid ?? -1;
    if (pid > 0) this.tellWatchdog(`+${pid}`);
    void ended.then(() => pid > 0 && this.tellWatchdog(`-${pid}`));

    const end = async (signal: NodeJS.Signals) => {
      stopping = true;
      signalGroup(pid, signal);
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(timer);
      // What the process left in its group goes with it.
      signalGroup(pid, 'SIGKILL');
      log.end();
      const index = this.running.indexOf(process_);
      if (index >= 0) this.running.splice(index, 1);
    };
    const process_: RunningProcess = {
      name: spec.name,
      pid,
      gone,
      line: (accept) =>
        new Promise((resolve, reject) => {
          gone.catch(reject);
          const listener = (line: string) => {
            const value = parseObject(line);
            if (!value || !accept(value)) return;
            listeners.delete(listener);
            resolve(value);
          };
          listeners.add(listener);
        }),
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
    this.running.push(process_);
    return process_;
  }

  /** Ends everything, in the reverse order of starting. */
  async stopAll(): Promise<void> {
    for (const process_ of [...this.running].reverse()) await process_.stop();
    this.watchdog?.stdin?.end();
    this.watchdog = undefined;
  }

  private tellWatchdog(line: string): void {
    if (!this.watchdog) {
      if (line.startsWith('-')) return;
      this.watchdog = spawn(process.execPath, [path.join(ROOT, 'infra/local/dist/watchdog.js')], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      this.watchdog.stdin?.on('error', () => undefined);
      this.watchdog.unref();
    }
    this.watchdog.stdin?.write(`${line}\n`);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid < 2) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

/** Components get a clean environment: what a user has set for Azure or Temporal must not leak into the local stack. */
function inherited(): NodeJS.ProcessEnv {
  const kept = [
    'PATH',
    'HOME',
    'TMPDIR',
    'TEMP',
    'TMP',
    'LANG',
    'LC_ALL',
    'TZ',
    'USER',
    'SystemRoot',
    'APPDATA',
    'LOCALAPPDATA',
    'SSL_CERT_FILE',
    'NODE_EXTRA_CA_CERTS',
  ];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
