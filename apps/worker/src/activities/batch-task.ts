/** Turns planned tasks into Azure Batch tasks: resource files, environment, outputs, and links minted for this wave. */
import type { BatchTaskCreateOptions, OutputFile, ResourceFile } from '@windrow/batch';
import type { LinkMinter } from '@windrow/storage';
import type { Download, OutputSpec, PlannedTask } from '@windrow/contract';
import { batchTaskId, durationMs, jobPaths, TaskVariable, workspaceContainer } from '@windrow/contract';

/** How long a task may wait in Batch before it starts; part of the life of its links. Milliseconds. */
export const QUEUE_ALLOWANCE_MS = 24 * 3_600_000;
/** User delegation keys, and so the links signed with them, live at most seven days. */
const MAX_LINK_MS = 7 * 24 * 3_600_000 - 3_600_000;

/** The part of a specification that says how a task runs; a reduction has one of its own. */
export interface TaskTemplate {
  commandLine: string;
  environment: Record<string, string>;
  program: Download[];
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
      commandLine: commandLine(task.commandLine ?? template.commandLine, task),
      resourceFiles: [...program, ...inputs],
      outputFiles: [logs, ...outputs],
      environmentSettings: environment(context, task),
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

/**
 * A task whose only item travels in its environment finds it in `items.jsonl` too: a million tasks then need no
 * million blobs. The user's command line follows unchanged, as arguments of the shell that writes the file.
 */
function commandLine(userCommand: string, task: PlannedTask): string {
  if (!task.inline) return userCommand;
  return `/bin/sh -c 'printf "%s\\n" "$${TaskVariable.item}" > items.jsonl && exec "$@"' windrow ${userCommand}`;
}

function environment(context: WaveContext, task: PlannedTask) {
  const variables: Record<string, string> = {
    ...context.template.environment,
    ...task.environment,
    [TaskVariable.job]: context.jobName,
    [TaskVariable.taskIndex]: String(task.index),
    [TaskVariable.attempt]: String(context.attempt),
    ...(task.inline && { [TaskVariable.item]: JSON.stringify(task.inline.item) }),
  };
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

async function resourceFile(links: LinkMinter, file: Download, life: number): Promise<ResourceFile> {
  return { httpUrl: await links.blobUrl(file.container, file.blob, { read: true }, life), filePath: file.path };
}
