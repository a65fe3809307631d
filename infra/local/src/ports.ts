import { createServer, connect } from 'node:net';

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
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
