import { type Command, Option } from 'commander';
import { define, type Session } from '../command';
import { type Context, suggested } from '../context';
import { CliError } from '../errors';
import { ExitCode } from '../exit-codes';
import { nextSteps, trouble } from './details';
import { follow } from './follow';
import { elapsed, hasEnded, type Job, outcomeOf } from './job';
import { LiveView } from './live';

export interface WaitOptions {
  timeout?: string;
  taskExitCode?: boolean;
}

export function waitOptions(command: Command): void {
  command
    .option(
      '--timeout <duration>',
      'give up after so long (90s, 15m, 2h, 1d or PT15M) with exit code 8; the job goes on',
    )
    .option('--task-exit-code', 'of a job with one task that failed: end with the exit code of that task');
}

export function addWatching(parent: Command, session: Session): void {
  define<WaitOptions>(parent, session, 'watch <job>', {
    summary: 'Follow a job to its end, live',
    examples: ['watch wordcount', 'watch wordcount -o json | jq -r .state'],
    options: waitOptions,
    action: async (context, options, name) => watchJob(context, await context.scope.job(name), options),
  });
  define<WaitOptions>(parent, session, 'wait <job>', {
    summary: "Wait for a job's end and exit with its outcome (see `windrow help exit-codes`)",
    examples: ['wait wordcount && windrow download wordcount', 'wait wordcount --timeout 2h'],
    options: waitOptions,
    action: async (context, options, name) => waitForJob(context, await context.scope.job(name), options),
  });
}

export function watchOrWait(): [Option, Option] {
  return [
    new Option('--watch', 'follow it live to its end').conflicts('wait'),
    new Option('--wait', 'wait for its end and exit with its outcome'),
  ];
}

/** Shows each change; exits with the outcome of the job. */
export async function watchJob(context: Context, path: string, options: WaitOptions): Promise<ExitCode> {
  const view = LiveView.of(context);
  const last = await followed(context, path, options, (job) => view.show(job));
  if (!last) return ExitCode.interrupted;
  context.out.say(ending(last, context));
  return outcomeOf(last, options.taskExitCode);
}

/** Says nothing until the end. */
export async function waitForJob(context: Context, path: string, options: WaitOptions): Promise<ExitCode> {
  const last = await followed(context, path, options, () => undefined);
  if (!last) return ExitCode.interrupted;
  context.out.document(
    last,
    () => `${last.job} ${last.state} after ${elapsed(last, context.io.now())}${ending(last, context)}\n`,
  );
  return outcomeOf(last, options.taskExitCode);
}

/** The job at its end; undefined after Ctrl-C, which leaves the job alone. */
async function followed(
  context: Context,
  path: string,
  { timeout }: WaitOptions,
  each: (job: Job) => void,
): Promise<Job | undefined> {
  const signal = context.io.interruption();
  let last: Job | undefined;
  const limit = timeout === undefined ? {} : { timeoutMs: milliseconds(timeout) };
  for await (const job of follow(context, path, { signal, ...limit })) each((last = job));
  if (last && hasEnded(last)) return last;
  const name = last?.job ?? decodeURIComponent(path.split('/').at(-1) ?? '');
  const [watch, cancel] = [suggested(context, `watch ${name}`), suggested(context, `cancel ${name}`)];
  context.out.note(`Detached; job '${name}' goes on. \`${watch}\` comes back to it, \`${cancel}\` ends it.`);
  return undefined;
}

function ending(job: Job, context: Context): string {
  return `${trouble(job, context.out.style)}\n${nextSteps(job, context)}`;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `15m`, `2h`, `1d`, or an ISO 8601 duration of days, hours, minutes and seconds. @throws CliError */
export function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * UNITS[unit]! * 1000;
  const iso = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!iso) throw new CliError(`'${text}' is no duration.`, { next: 'Such as 90s, 15m, 2h, 1d or PT15M.' });
  const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}
