import { createServer, connect } from 'node:net';

/** Below the range from which systems take the local ports of outgoing connections (Linux: 32768 and up). */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** A port of the loopback interface that is free, and that no outgoing connection will be given meanwhile. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await canListen(port)) return port;
  }
  throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST} on the loopback interface.`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** `preferred` when nobody listens on it, a free port otherwise. */
export async function portOr(preferred: number | undefined): Promise<number> {
  if (preferred === undefined || (await isListening(preferred))) return freePort();
  return preferred;
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Waits until `check` is true; stops when `gone` settles first, with its error. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  options: { timeoutMs: number; gone?: Promise<never> },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  const poll = async () => {
    while (!(await check())) {
      if (Date.now() > deadline) throw new Error(`${what} did not become ready within ${options.timeoutMs / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.race([poll(), ...(options.gone ? [options.gone] : [])]);
}
