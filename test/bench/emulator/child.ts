/** The processes that are measured: the emulator as it is shipped, and what it is held against. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { peakBytes } from '../peak-memory';
import type { Access } from './client';

const ROOT = path.resolve(__dirname, '../../../..');
const EMULATOR = path.join(ROOT, 'apps/batch-emulator/dist/main.js');
const PROBE = path.join(__dirname, 'probe.js');
/** Nobody may reach it but this bench, and it guards nothing. */
const KEY = Buffer.from('a key of the bench, which is no secret').toString('base64');
const ACCOUNT = 'bench';

export interface Memory {
  rss: number;
  heap: number;
}

/** A Node process with a line on stdout when it is ready, and the probe in it. */
export class Child {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: { listening: string },
  ) {}

  static async start(program: string, args: string[] = [], nodeArgs: string[] = []): Promise<Child> {
    const child = spawn(process.execPath, ['--expose-gc', ...nodeArgs, '--require', PROBE, program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const line = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code} before it was ready.`)));
    });
    return new Child(child, JSON.parse(line) as { listening: string });
  }

  /** After a garbage collection. */
  memory(): Promise<Memory> {
    return new Promise((resolve) => {
      this.child.once('message', (memory) => resolve(memory as Memory));
      this.child.send('memory');
    });
  }

  /** The most memory it has had, in bytes. */
  peak(): number {
    return peakBytes(this.child.pid as number);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}

export interface RunningEmulator {
  process: Child;
  access: Access;
}

export async function startEmulator(args: string[] = [], nodeArgs: string[] = []): Promise<RunningEmulator> {
  const all = ['--port', '0', '--quiet', '--account', ACCOUNT, '--account-key', KEY];
  const process = await Child.start(EMULATOR, [...all, ...args], nodeArgs);
  return { process, access: { url: process.ready.listening, account: ACCOUNT, key: KEY } };
}

export const startBareServer = (): Promise<Child> => Child.start(path.join(__dirname, 'bare-server.js'));
