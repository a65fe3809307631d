import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import type { ComputeNode } from '../model/nodes/node';
import type { JobCommand, OnEnd, Outcome, Run, Runner, TaskRunRequest } from '../model/runner';
import type { Log } from '../util/log';
import type { ContainerSettings, PackageReference, ResourceFile, StartTaskSpec } from '../wire/types';
import type { Containers } from './containers';
import type { EnvironmentBuilder } from './environment';
import { makeInside, removeInside } from './inside';
import type { NodeLayout } from './node-layout';
import type { NodeStorage } from './node-storage';
import { uploadOutputFiles } from './output-files';
import { PathTree } from './path-tree';
import { startCommand, type Command, type RunningCommand } from './process';
import type { ProcessRegistry } from './process-registry';
import { stageResourceFiles } from './resource-files';
import { RunFailure } from './run-failure';
import type { Shares } from './shares';

/** What can be killed of a run, whatever it is just doing. */
class Killable implements Run {
  readonly transfers = new AbortController();
  command: RunningCommand | undefined;
  killed = false;

  kill(keepOutputs = false): void {
    this.killed = true;
    // A run that is past its command only uploads; a time limit lets it finish that.
    if (!keepOutputs || !this.command) this.transfers.abort();
    this.command?.kill();
  }
}

/** What processes on nodes need of their host. */
export interface ProcessHost {
  layout: NodeLayout;
  environments: EnvironmentBuilder;
  storage: NodeStorage;
  shares: Shares;
  containers: Containers;
  registry: ProcessRegistry;
  log: Log;
}

interface Execution extends Command {
  containerSettings?: ContainerSettings;
  resourceFiles?: ResourceFile[];
  applicationPackageReferences?: PackageReference[];
  /** Where the resource files go; by default the working directory. */
  into?: string;
}

/** Nodes as folders, tasks as processes. */
export class ProcessRunner implements Runner {
  /** Work under way by directory: what comes next to it waits. */
  private readonly busy = new PathTree<Promise<unknown>>();
  /** Directories whose resource files are there: they are not downloaded again for a retry on the same node. */
  private readonly staged = new PathTree<true>();

  /** Nodes whose own directories are there. */
  private readonly furnished = new Set<string>();

  private readonly runs = new Set<Killable>();
  private stopped = false;

  constructor(private readonly host: ProcessHost) {}

  runTask(request: TaskRunRequest, onEnd: OnEnd): Run {
    const { task, node, isFinal } = request;
    const directory = this.host.layout.task(node, task.job.id, task.id);
    const environment = this.host.environments.forTask(request);
    const run = new Killable();
    const work = async (): Promise<Outcome> => {
      const owner = `${task.job.id}/${task.id}`;
      const spec = task.body;
      const exitCode = await this.execute(run, node, { directory, environment, owner, ...spec });
      const outputs = spec.outputFiles ?? [];
      if (outputs.length === 0 || run.transfers.signal.aborted || !(run.killed || isFinal(exitCode)))
        return { exitCode };
      const context = {
        taskDirectory: directory,
        nodeRoot: this.host.layout.nodeRoot(node),
        environment,
        succeeded: exitCode === 0,
        signal: run.transfers.signal,
      };
      return uploadOutputFiles(outputs, context).then(
        () => ({ exitCode }),
        (error: unknown) => ({ exitCode, failure: failureOf(error) }),
      );
    };
    this.enqueue(directory, run, work, onEnd);
    return run;
  }

  runCommand(command: JobCommand, onEnd: OnEnd): Run {
    const { node, job, taskId, spec, membership } = command;
    const directory = this.host.layout.task(node, job.id, taskId, membership?.index);
    const environment = this.host.environments.forCommand(command, directory);
    const run = new Killable();
    const coordination = membership && {
      into: this.host.layout.taskShared(node, job.id, taskId),
      outputPrefix: membership.index === 0 ? 'coordination-' : '',
      keepsChildren: true,
    };
    const owner = `${job.id}/${taskId}`;
    const work = async (): Promise<Outcome> => ({
      exitCode: await this.execute(run, node, { directory, environment, owner, ...spec, ...coordination }),
    });
    this.enqueue(directory, run, work, onEnd);
    return run;
  }

  installPackages(node: ComputeNode, onEnd: OnEnd): Run {
    const run = new Killable();
    const work = async (): Promise<Outcome> => {
      await this.host.storage.installForPool(node, run.transfers.signal);
      return {};
    };
    this.enqueue(this.host.layout.applications(node), run, work, onEnd);
    return run;
  }

  runStartTask(node: ComputeNode, spec: StartTaskSpec, onEnd: OnEnd): Run {
    const directory = this.host.layout.startup(node);
    const environment = this.host.environments.forStartTask(node, spec.environmentSettings);
    const run = new Killable();
    // After a boot the files may be others than those of the boot before.
    if (node.startTaskInfo?.retryCount === 0) this.staged.delete(directory);
    const work = async (): Promise<Outcome> => ({
      exitCode: await this.execute(run, node, { directory, environment, owner: node.id, ...spec }),
    });
    this.enqueue(directory, run, work, onEnd);
    return run;
  }

  discard(node: ComputeNode, jobId?: string, taskId?: string): void {
    const root = this.host.layout.nodeRoot(node);
    const target =
      jobId === undefined
        ? root
        : taskId === undefined
          ? this.host.layout.job(node, jobId)
          : this.host.layout.task(node, jobId, taskId);
    if (target === root) this.furnished.delete(root);
    this.staged.deleteWithin(target);
    const removal = Promise.all(this.busy.within(target))
      .then(() => removeInside(target === root ? this.host.layout.base : root, target))
      .then(() => target === root && removeEmpty(path.dirname(root)))
      .catch((error: unknown) => this.host.log(`could not remove ${target}: ${String(error)}`));
    this.follow(target, removal);
  }

  /**
   * Ends everything, for shutdown. How runs end from here on is nobody's business: to the account they were still
   * running when the emulator went.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const run of this.runs) run.kill();
    this.host.registry.killAll();
    const everything = this.host.layout.base;
    for (let work = this.busy.within(everything); work.length > 0; work = this.busy.within(everything)) {
      await Promise.all(work);
    }
  }

  private enqueue(directory: string, run: Killable, work: () => Promise<Outcome>, onEnd: OnEnd): void {
    this.runs.add(run);
    const done = Promise.all(this.inTheWay(directory))
      .then(work)
      .catch((error: unknown): Outcome => ({ failure: failureOf(error) }))
      .then((outcome) => {
        this.runs.delete(run);
        if (!this.stopped) onEnd(outcome);
      });
    this.follow(directory, done);
  }

  /** An earlier run in the same directory, or the removal of that directory or one above it. */
  private inTheWay(directory: string): Promise<unknown>[] {
    const found: Promise<unknown>[] = [];
    for (let at = directory; at !== path.dirname(at); at = path.dirname(at)) {
      const work = this.busy.get(at);
      if (work) found.push(work);
    }
    return found;
  }

  private follow(directory: string, done: Promise<unknown>): void {
    this.busy.set(directory, done);
    void done.finally(() => {
      if (this.busy.get(directory) === done) this.busy.delete(directory);
    });
  }

  /** The one way in which any command comes to run: directories, resource files, process. */
  private async execute(run: Killable, node: ComputeNode, command: Execution): Promise<number> {
    const { directory } = command;
    const working = path.join(directory, 'wd');
    const into = command.into ?? working;
    this.furnish(node);
    for (const folder of [working, into]) makeDirectory(this.host.layout.nodeRoot(node), folder);
    await this.host.shares.attach(node);
    if (!this.staged.get(into)) {
      await this.host.storage.install(node, command.applicationPackageReferences ?? [], run.transfers.signal);
      await stageResourceFiles(this.host.storage.withUrls(command.resourceFiles ?? []), into, run.transfers.signal);
      this.staged.set(into, true);
    }
    if (run.killed) return -9;
    run.command = await startCommand({ ...command, ...this.host.containers.contain(command) }, this.host.registry);
    if (run.killed) run.command.kill();
    return run.command.ended;
  }

  private furnish(node: ComputeNode): void {
    const root = this.host.layout.nodeRoot(node);
    makeDirectory(this.host.layout.base, root);
    if (this.furnished.has(root)) return;
    for (const folder of this.host.layout.all(node)) mkdirSync(folder, { recursive: true });
    this.furnished.add(root);
  }
}

/** Of a pool, once its last node is gone; at once, so that no node is just being furnished in it. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Other nodes are there.
  }
}

function makeDirectory(root: string, folder: string): void {
  try {
    makeInside(root, folder);
  } catch (error) {
    throw new RunFailure('ResourceDirectoryCreateFailed', { Message: String(error) });
  }
}

function failureOf(error: unknown): NonNullable<Outcome['failure']> {
  if (error instanceof RunFailure) return error.info;
  return new RunFailure('Unknown', { Message: String(error) }).info;
}
