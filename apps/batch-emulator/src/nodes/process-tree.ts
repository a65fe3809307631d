import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** When a process started, in clock ticks since boot; with its id it names a process for good. */
export function startTimeOf(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** Fields of /proc/PID/stat behind the name, which may itself hold spaces: [0] state, [2] process group, [19] start time. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** SIGKILL to every process of the group; one that is gone already is fine. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left.
  }
}

/** Processes that left the group (setsid) still carry the environment of their task. */
export function killMarked(variable: string, ...directories: string[]): void {
  const prefix = `${variable}=`;
  const wanted = new Set(directories);
  for (const pid of processIds()) {
    const own = environmentOf(pid)
      .find((entry) => entry.startsWith(prefix))
      ?.slice(prefix.length);
    if (own !== undefined && isWithin(own, wanted)) killOne(pid);
  }
}

function isWithin(own: string, wanted: ReadonlySet<string>): boolean {
  for (let at = own; ; at = path.dirname(at)) {
    if (wanted.has(at)) return true;
    if (at === path.dirname(at)) return false;
  }
}

interface Search {
  directories: string[];
  done: Promise<void>;
}

const due = new Map<string, Search>();

/** The same in a moment: one look at all processes serves all that is killed at once, as the tasks of a job are. */
export function killMarkedSoon(variable: string, directory: string): Promise<void> {
  const search = due.get(variable);
  if (search) {
    search.directories.push(directory);
    return search.done;
  }
  const directories = [directory];
  const done = new Promise<void>((resolve) => {
    setImmediate(() => {
      due.delete(variable);
      killMarked(variable, ...directories);
      resolve();
    });
  });
  due.set(variable, { directories, done });
  return done;
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
