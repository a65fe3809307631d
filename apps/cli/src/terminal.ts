import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { environment } from './config';
import type { Io, Sink } from './io';

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** The real process: its streams, its clock, its signals. */
export function processIo(): Io {
  let interruption: AbortController | undefined;
  return {
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    env: environment(),
    cwd: process.cwd(),
    stdinIsTTY: process.stdin.isTTY,
    readStdin,
    ask,
    now: Date.now,
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
    interruption: () => {
      interruption ??= abortedBySignal();
      return interruption.signal;
    },
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // Who reads has had enough (`| head`): nothing to complain about.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    write: (chunk) => stream.write(chunk),
    drained: async () => {
      if (stream.writableNeedDrain) await new Promise((resolve) => stream.once('drain', resolve));
    },
    get isTTY() {
      return Boolean(stream.isTTY);
    },
    // A terminal that does not know its size says 0.
    get columns() {
      return stream.columns || DEFAULT_COLUMNS;
    },
    get rows() {
      return stream.rows || DEFAULT_ROWS;
    },
  };
}

function abortedBySignal(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for anything.
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A hidden answer is read with the terminal's echo swallowed. */
async function ask(question: string, { hidden = false } = {}): Promise<string> {
  process.stderr.write(question);
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return (await lines.question('')).trim();
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
}
