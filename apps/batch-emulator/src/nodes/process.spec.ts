import fs, { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCommand, type RunningCommand } from './process';
import { ProcessRegistry } from './process-registry';
import { startTimeOf } from './process-tree';

describe('commands that are killed', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'process-'))));
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  const start = (registry: ProcessRegistry, name: string, commandLine: string): Promise<RunningCommand> => {
    const directory = path.join(root, name);
    mkdirSync(path.join(directory, 'wd'), { recursive: true });
    const environment = { PATH: process.env['PATH'] ?? '', AZ_BATCH_TASK_DIR: directory };
    return startCommand({ commandLine, directory, environment, owner: name }, registry);
  };

  it('many at once take one look at all processes, and have ended when theirs are gone', async () => {
    const registry = new ProcessRegistry(root);
    const commands: RunningCommand[] = [];
    const detached: number[] = [];
    for (let count = 0; count < 10; count++) {
      const name = `task-${count}`;
      const script = 'setsid sh -c "echo \\$\\$ > pid.new; mv pid.new pid; exec sleep 600" & wait';
      commands.push(await start(registry, name, `sh -c '${script}'`));
    }
    for (const name of commands.keys()) {
      const file = path.join(root, `task-${name}`, 'wd/pid');
      while (!fs.existsSync(file)) await new Promise((resolve) => setImmediate(resolve));
      detached.push(Number(fs.readFileSync(file, 'utf8')));
    }
    const looks = jest.spyOn(fs, 'readdirSync');
    for (const command of commands) command.kill();
    for (const command of commands) expect(await command.ended).toBe(-9);
    expect(looks.mock.calls.filter(([folder]) => folder === '/proc')).toHaveLength(1);
    const isAlive = (pid: number): boolean => {
      // A zombie waits for whoever adopted it; it does nothing any more.
      const state = startTimeOf(pid) && fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Boolean(state) && !/\) [ZX]/.test(String(state));
    };
    while (detached.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
  });
});
