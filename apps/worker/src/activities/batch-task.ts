/** Turns planned tasks into Azure Batch tasks: resource files, environment, outputs, and links minted for this wave. */
import type { BatchTaskCreateOptions, ContainerSettings, OutputFile, ResourceFile } from '@windrow/batch';
import type { LinkMinter } from '@windrow/storage';
import type { BlobRange, ContainerSpec, Download, OutputSpec, PlannedTask, ProgramPackage } from '@windrow/contract';
import { batchTaskId, durationMs, jobPaths, TaskVariable, workspaceContainer } from '@windrow/contract';
import { commandLine, packageCommandLine, rangeVariables } from './command-line';
import { packageReferences } from './packages';

/** How long a task may wait in Batch before it starts; part of the life of its links. Milliseconds. */
export const QUEUE_ALLOWANCE_MS = 24 * 3_600_000;
/** User delegation keys, and so the links signed with them, live at most seven days. */
const MAX_LINK_MS = 7 * 24 * 3_600_000 - 3_600_000;
const NOTHING_TO_COORDINATE = '/bin/sh -c true';

/** The part of a specification that says how a task runs; a reduction has one of its own. */
export interface TaskTemplate {
  commandLine: string;
  environment: Record<string, string>;
  program: Download[];
  packages: ProgramPackage[];
  container?: ContainerSpec;
  instances?: number;
  coordinationCommandLine?: string;
  outputs: OutputSpec[];
  requiredSlots: number;
  timeout: string;
  retries: number;
}

export interface WaveContext {
  workspace: string;
  uid: string;
  jobName: string;
  wave: string;
  attempt: number;
  template: TaskTemplate;
  /** Values by variable; they go into the tasks' environment and nowhere else. */
  secrets?: Record<string, string>;
  /** Blob prefix of a task's outputs, in the workspace's container. */
  outputPrefix: (index: number) => string;
  /** Keep the directories of output files below the working directory; a final result drops them. */
  flatten: boolean;
}

/** Life of the links of one attempt: every try that Batch may make of it, and the wait before. */
export function linkLifeMs({ timeout, retries }: Pick<TaskTemplate, 'timeout' | 'retries'>): number {
  return Math.min(MAX_LINK_MS, durationMs(timeout) * (retries + 1) + QUEUE_ALLOWANCE_MS);
}

export async function createTaskBuilder(links: LinkMinter, context: WaveContext) {
  const { template, uid, wave } = context;
  const container = workspaceContainer(context.workspace);
  const life = linkLifeMs(template);
  const outputUrl = await links.containerUrl(container, { create: true, write: true }, life);
  const program = await Promise.all(template.program.map((file) => resourceFile(links, file, life)));

  return async function build(task: PlannedTask): Promise<BatchTaskCreateOptions> {
    const inputs = await Promise.all((task.downloads ?? []).map((file) => resourceFile(links, file, life)));
    if (task.itemsBlob !== undefined) {
      inputs.push(await resourceFile(links, { container, blob: task.itemsBlob, path: 'items.jsonl' }, life));
    }
    const upload = (path: string) => ({ container: { containerUrl: outputUrl, path } });
    const logs: OutputFile = {
      filePattern: '../std*.txt',
      destination: upload(jobPaths(uid).taskLogs(task.index, wave)),
      uploadOptions: { uploadCondition: 'taskcompletion' },
    };
    const outputs = template.outputs.map((output): OutputFile => ({
      filePattern: output.pattern,
      destination: upload(outputPath(context.outputPrefix(task.index), output.pattern, context.flatten)),
      uploadOptions: { uploadCondition: `task${output.when ?? 'success'}` },
    }));
    return {
      id: batchTaskId(task.index),
      commandLine: commandLine(task.commandLine ?? template.commandLine, task, template.packages),
      ...kindOf(template, program),
      resourceFiles: [...program, ...inputs],
      outputFiles: [logs, ...outputs],
      environmentSettings: environment(context, task, task.range && (await rangeLink(links, task.range, life))),
      requiredSlots: template.requiredSlots,
      constraints: { maxTaskRetryCount: template.retries, maxWallClockTime: template.timeout },
    };
  };
}

/**
 * Where Batch puts a pattern's files. Without a wildcard the destination is the blob itself; with one it is a
 * directory, below which the part of the path after the pattern's fixed directories is kept (Azure Batch, output files).
 */
export function outputPath(prefix: string, pattern: string, flatten: boolean): string {
  const segments = pattern.split('/');
  const wild = segments.findIndex((segment) => /[*?[]/.test(segment));
  if (wild === -1) return flatten ? `${prefix}/${segments.at(-1)}` : `${prefix}/${pattern}`;
  const fixed = flatten ? [] : segments.slice(0, wild);
  return [prefix, ...fixed].join('/');
}

/** What makes a task more than a command on one node. */
function kindOf(template: TaskTemplate, program: ResourceFile[]): Partial<BatchTaskCreateOptions> {
  const { container, instances, coordinationCommandLine = NOTHING_TO_COORDINATE } = template;
  const packages = packageReferences(template.packages);
  return {
    ...(container && { containerSettings: containerSettings(container) }),
    ...(packages && { applicationPackageReferences: packages }),
    ...(instances !== undefined && {
      multiInstanceSettings: {
        numberOfInstances: instances,
        // Batch wants one; where there is nothing to prepare it does nothing.
        coordinationCommandLine: packageCommandLine(coordinationCommandLine, template.packages),
        ...(program.length > 0 && { commonResourceFiles: program }),
      },
    }),
  };
}

/**
 * The command line is the whole command, in a container as elsewhere: an entry point of the image would take it, and
 * what is put around it, for its arguments.
 */
function containerSettings({ image, runOptions }: ContainerSpec): ContainerSettings {
  return { imageName: image, containerRunOptions: ['--entrypoint=', runOptions ?? ''].join(' ').trim() };
}

function environment(context: WaveContext, task: PlannedTask, ofRange: Record<string, string> | undefined) {
  const variables: Record<string, string> = {
    ...context.template.environment,
    ...task.environment,
    ...context.secrets,
    [TaskVariable.job]: context.jobName,
    [TaskVariable.taskIndex]: String(task.index),
    [TaskVariable.attempt]: String(context.attempt),
    ...(task.inline && { [TaskVariable.item]: JSON.stringify(task.inline.item) }),
    ...ofRange,
  };
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

async function resourceFile(links: LinkMinter, file: Download, life: number): Promise<ResourceFile> {
  return { httpUrl: await readLink(links, file, life), filePath: file.path };
}

async function rangeLink(links: LinkMinter, range: BlobRange, life: number): Promise<Record<string, string>> {
  return rangeVariables(range, await readLink(links, range, life));
}

/** Points at the version that was planned where the account keeps versions, else at the blob as it then is. */
function readLink(links: LinkMinter, { container, blob, versionId }: Download, life: number): Promise<string> {
  return links.blobUrl(container, blob, { read: true }, life, versionId === undefined ? {} : { versionId });
}
