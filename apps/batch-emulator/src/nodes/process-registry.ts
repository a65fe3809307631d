import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killGroup, killMarked, startTimeOf } from './process-tree';

export interface RunningProcess {
  pid: number;
  startTime: string | undefined;
  /** `job/task`, or the node of a start task. */
  owner: string;
}

/**
 * The process groups that are alive because of this emulator. They are on disk as well, so that the next start can end
 * what a killed emulator left behind.
 */
export class ProcessRegistry {
  private readonly running = new Map<number, RunningProcess>();
  private readonly folder: string;

  constructor(private readonly root: string) {
    this.folder = path.join(root, 'processes');
    mkdirSync(this.folder, { recursive: true });
  }

  add(pid: number, owner: string): void {
    const entry = { pid, startTime: startTimeOf(pid), owner };
    this.running.set(pid, entry);
    writeFileSync(path.join(this.folder, String(pid)), JSON.stringify(entry));
  }

  remove(pid: number): void {
    this.running.delete(pid);
    rmSync(path.join(this.folder, String(pid)), { force: true });
  }

  list(): RunningProcess[] {
    return [...this.running.values()];
  }

  /** For shutdown: nothing started here survives. */
  killAll(): void {
    for (const { pid } of this.running.values()) killGroup(pid);
    killMarked('AZ_BATCH_NODE_ROOT_DIR', path.join(this.root, 'nodes'));
  }

  /** For start-up: ends what an emulator that was killed left running here, and only that. */
  killLeftovers(): number {
    let killed = 0;
    for (const name of readdirSync(this.folder)) {
      const file = path.join(this.folder, name);
      const entry = parse(readFileSync(file, 'utf8'));
      // The id may have gone to somebody else: only the same start time makes it the same process.
      if (entry && entry.startTime !== undefined && startTimeOf(entry.pid) === entry.startTime) {
        killGroup(entry.pid);
        killed++;
      }
      rmSync(file, { force: true });
    }
    killMarked('AZ_BATCH_NODE_ROOT_DIR', path.join(this.root, 'nodes'));
    return killed;
  }
}

function parse(text: string): RunningProcess | undefined {
  try {
    return JSON.parse(text) as RunningProcess;
  } catch {
    return undefined;
  }
}
