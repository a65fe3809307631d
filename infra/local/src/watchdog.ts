/**
 * Ends the stack's processes when their supervisor is gone, however it went: its standard input closes then.
 * Lines on standard input are ids of process groups, `+id` to add one and `-id` when it has ended.
 */
import { createInterface } from 'node:readline';

const groups = new Set<number>();

function signalAll(signal: NodeJS.Signals): void {
  for (const group of groups) {
    try {
      process.kill(-group, signal);
    } catch {
      groups.delete(group);
    }
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const id = Number(line.slice(1));
    if (!Number.isInteger(id) || id < 2) return;
    if (line.startsWith('+')) groups.add(id);
    else groups.delete(id);
  })
  .on('close', () => {
    signalAll('SIGTERM');
    setTimeout(
      () => {
        signalAll('SIGKILL');
        process.exit(0);
      },
      groups.size > 0 ? 3000 : 0,
    );
  });

// The terminal's Ctrl-C is for the supervisor, which ends its processes in order.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
