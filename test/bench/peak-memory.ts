import { readFileSync } from 'node:fs';

/** The kernel's own record of the most memory that a process ever had resident. Bytes. */
export function peakBytes(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`/proc/${pid}/status names no VmHWM.`);
  return Number(line[1]) * 1024;
}
