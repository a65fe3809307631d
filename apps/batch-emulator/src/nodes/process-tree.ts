import { readdirSync, readFileSync } from 'node:fs';

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
  for (const pid of processIds()) {
    const own = environmentOf(pid)
      .find((entry) => entry.startsWith(prefix))
      ?.slice(prefix.length);
    if (own === undefined) continue;
    if (directories.some((directory) => own === directory || own.startsWith(`${directory}/`))) killOne(pid);
  }
}

const due = new Map<string, string[]>();

/** The same in a moment: one look at all processes serves the many nodes of a multi-instance task. */
export function killMarkedSoon(variable: string, directory: string): void {
  const directories = due.get(variable);
  if (directories) {
    directories.push(directory);
    return;
  }
  due.set(variable, [directory]);
  setImmediate(() => {
    const all = due.get(variable) ?? [];
    due.delete(variable);
    killMarked(variable, ...all);
  });
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
