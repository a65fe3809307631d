import { cpus, totalmem } from 'node:os';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  node: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown processor',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

export function machineLine({ cpu, cores, memoryGiB, node }: Machine): string {
  return `Measured on ${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}.`;
}
