import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killGroup, killMarked, startTimeOf } from './process-tree';

/** Commands that are over sooner are not written down: that would take a good part of their time. */
const BRIEF_MS = 50;

export interface RunningProcess {
  pid: number;
  startTime: string | undefined;
  /** `job/task`, or the node of a start task. */
  owner: string;
}

/**
 * The process groups that are alive because of this emulator. They are on disk as well, so that the next start can end
 * what a killed emulator left behind; those that are still too young for that it finds by their environment.
 */
export class ProcessRegistry {
  private readonly running = new Map<number, Entry>();
  private timer: NodeJS.Timeout | undefined;
  private readonly folder: string;

  constructor(private readonly root: string) {
    this.folder = path.join(root, 'processes');
    mkdirSync(this.folder, { recursive: true });
  }

  add(pid: number, owner: string): void {
    this.running.set(pid, { owner, isWritten: false });
    this.timer ??= setTimeout(() => this.write(), BRIEF_MS);
  }

  remove(pid: number): void {
    const isWritten = this.running.get(pid)?.isWritten;
    this.running.delete(pid);
    if (isWritten) rmSync(path.join(this.folder, String(pid)), { force: true });
  }

  list(): RunningProcess[] {
    return [...this.running].map(([pid, { owner }]) => ({ pid, startTime: startTimeOf(pid), owner }));
  }

  /** For shutdown: nothing started here survives. */
  killAll(): void {
    clearTimeout(this.timer);
    for (const pid of this.running.keys()) killGroup(pid);
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

  private write(): void {
    this.timer = undefined;
    for (const [pid, entry] of this.running) {
      if (entry.isWritten) continue;
      entry.isWritten = true;
      const { owner } = entry;
      const text = JSON.stringify({ pid, startTime: startTimeOf(pid), owner } satisfies RunningProcess);
      writeFileSync(path.join(this.folder, String(pid)), text);
    }
  }
}

interface Entry {
  readonly owner: string;
  isWritten: boolean;
}

function parse(text: string): RunningProcess | undefined {
  try {
    return JSON.parse(text) as RunningProcess;
  } catch {
    return undefined;
  }
}
