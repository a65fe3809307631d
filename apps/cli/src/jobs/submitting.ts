import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { define, type Session, several } from '../command';
import { type Context, suggested } from '../context';
import { part } from '../http/scope';
import { table } from '../output/table';
import { bytes, many, oneLine } from '../output/words';
import { pairs } from '../output/table';
import { readSpec } from '../spec/read-spec';
import type { Job } from './job';
import { waitForJob, type WaitOptions, waitOptions, watchJob, watchOrWait } from './watching';

interface SubmitOptions extends WaitOptions {
  name?: string;
  set?: string[];
  idempotencyKey?: string;
  watch?: boolean;
  wait?: boolean;
}

const SET = 'put a value into the file: 5, true, [a, b], "text" (several times)';
/** The API itself waits for two minutes for the plan. */
const PLAN_MS = 150_000;

export function addSubmitting(parent: Command, session: Session): void {
  define<SubmitOptions>(parent, session, 'submit <file>', {
    summary: 'Submit a job from a YAML or JSON file (- for standard input)',
    examples: [
      'submit job.yaml --watch',
      'submit job.json --name nightly --set execution.maxParallelTasks=50 --set labels.team=aero',
      'submit - --wait < job.yaml',
    ],
    options: (command) => {
      command
        .option('-n, --name <name>', 'name of the job; the same file again is the same job (default: the API names it)')
        .option('--set <path=value>', SET, several)
        .option('--idempotency-key <key>', 'without --name: the same key again gives the same job');
      for (const option of watchOrWait()) command.addOption(option);
      waitOptions(command);
    },
    action: submit,
  });
  define<{ set?: string[] }>(parent, session, 'plan <file>', {
    summary: 'Dry run: what a job would do, without running it',
    examples: ['plan job.yaml', 'plan job.yaml --set maxItems=100 -o json'],
    options: (command) => command.option('--set <path=value>', SET, several),
    action: plan,
  });
}

async function submit(context: Context, options: SubmitOptions, file: string) {
  const { api, scope, out } = context;
  const spec = await readSpec(file, options.set ?? [], context.io);
  const jobs = await scope.jobs();
  let job: Job;
  try {
    job =
      options.name === undefined
        ? await api.json<Job>(jobs, {
            method: 'POST',
            body: spec.body,
            // One for this submission: a retry whose first answer was lost makes no second job.
            headers: { 'idempotency-key': options.idempotencyKey ?? randomUUID() },
            repeatable: true,
          })
        : await api.json<Job>(`${jobs}/${part(options.name)}`, { method: 'PUT', body: spec.body });
  } catch (error) {
    throw spec.explain(error);
  }
  const path = await scope.job(job.job);
  if (!options.watch && !options.wait) {
    out.document(job, () => `${job.job}\n${job.url}\n`);
    out.note(`Submitted. \`${suggested(context, `watch ${job.job}`)}\` follows it.`);
    return undefined;
  }
  // Of a program the last document is the result; the name is for people, and for whoever finds the log.
  if (out.format === 'table') out.say(`${job.job}\n${job.url}`);
  else out.note(`Submitted ${job.job}.`);
  return options.watch ? watchJob(context, path, options) : waitForJob(context, path, options);
}

interface Plan {
  items: number;
  tasks: number;
  sample: { index: number; items: number; commandLine?: string; inline?: { item: unknown } }[];
  slots: { perTask: number; perNode: number; total: number };
  nodes: { min: number; max: number; needed: number };
  sources: { container: string; blob: string; bytes: number }[];
  estimate?: { nodeHoursAtMost: number; costAtMost?: number; currency?: string; basis: string };
  warnings: string[];
}

async function plan({ api, scope, out, io }: Context, options: { set?: string[] }, file: string): Promise<void> {
  const spec = await readSpec(file, options.set ?? [], io);
  try {
    const document = await api.json<Plan>(`${await scope.jobs()}:plan`, {
      method: 'POST',
      body: spec.body,
      repeatable: true,
      timeoutMs: PLAN_MS,
    });
    out.document(document, (made) => planText(made, io.out.isTTY ? io.out.columns : undefined));
  } catch (error) {
    throw spec.explain(error);
  }
}

function planText({ items, tasks, sample, slots, nodes, sources, estimate, warnings }: Plan, width?: number): string {
  const read = sources.reduce((sum, source) => sum + source.bytes, 0);
  const cost = estimate?.costAtMost === undefined ? '' : `, ${estimate.costAtMost} ${estimate.currency ?? ''}`;
  return (
    pairs([
      ['Items', items.toLocaleString('en-US')],
      ['Tasks', tasks.toLocaleString('en-US')],
      [
        'Nodes',
        `${nodes.needed} for all tasks at once (${nodes.min} to ${nodes.max}), ${many(slots.perNode, 'slot')} each`,
      ],
      ['Slots', `${slots.perTask} a task`],
      ['Read', sources.length > 0 ? `${many(sources.length, 'blob')}, ${bytes(read)}` : undefined],
      ['At most', estimate && `${estimate.nodeHoursAtMost} node-hours${cost}. ${estimate.basis}`],
    ]) +
    warnings.map((warning) => `Warning: ${oneLine(warning)}\n`).join('') +
    (sample.length === 0
      ? ''
      : `\n${table(
          [
            { title: 'Task', value: (task) => task.index, right: true },
            { title: 'Items', value: (task) => task.items, right: true },
            { title: 'Item', value: (task) => (task.inline ? JSON.stringify(task.inline.item) : '') },
            { title: 'Command', value: (task) => task.commandLine },
          ],
          sample,
          width,
        )}`)
  );
}
