import type { Environment, Io } from '../io';
import { run } from '../run';

export interface FakeIo extends Io {
  stdout(): string;
  stderr(): string;
  /** How long each pause was to be; none is slept. */
  pauses: number[];
  interrupt(): void;
}

export interface FakeOptions {
  env?: Environment;
  cwd?: string;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  stdin?: string;
  stdinIsTTY?: boolean;
  /** To questions, in their order. */
  answers?: string[];
  now?: () => number;
  /** Called before each pause. */
  onSleep?: (n: number) => void;
}

/** A terminal or pipe of a fixed size that remembers what was written, and a clock that never waits. */
export function fakeIo(options: FakeOptions = {}): FakeIo {
  const { env = {}, cwd = '/', isTTY = false, columns = 80, rows = 24, answers = [] } = options;
  const written = { out: '', err: '' };
  const pauses: number[] = [];
  const controller = new AbortController();
  const sink = (to: 'out' | 'err') => ({
    write: (chunk: string | Uint8Array) =>
      (written[to] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()),
    drained: async () => undefined,
    isTTY,
    columns,
    rows,
  });
  return {
    out: sink('out'),
    err: sink('err'),
    // No profile of whoever runs the tests.
    env: { XDG_CONFIG_HOME: '/nonexistent/windrow-test', ...env },
    cwd,
    stdinIsTTY: options.stdinIsTTY ?? false,
    readStdin: async () => options.stdin ?? '',
    ask: async () => answers.shift() ?? '',
    now: options.now ?? Date.now,
    sleep: async (ms) => {
      pauses.push(ms);
      options.onSleep?.(pauses.length);
      await new Promise((resolve) => setImmediate(resolve));
    },
    interruption: () => controller.signal,
    stdout: () => written.out,
    stderr: () => written.err,
    pauses,
    interrupt: () => controller.abort(),
  };
}

/** Runs a command line against an API at `url`. */
export async function runFake(url: string, args: string[], options: FakeOptions = {}) {
  const io = fakeIo({ ...options, env: { WINDROW_URL: url, ...options.env } });
  const code = await run(args, io);
  return { code, out: io.stdout(), err: io.stderr(), io };
}
