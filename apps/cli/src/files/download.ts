import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { define, type Session, wholeNumber } from '../command';
import { type Context, suggested } from '../context';
import { ApiError, CliError } from '../errors';
import { ExitCode } from '../exit-codes';
import { pages } from '../http/pages';
import type { Job } from '../jobs/job';
import { bytes, many } from '../output/words';
import { type Fetched, fetchFile, type Remote } from './fetch-file';
import { globPattern } from './glob';
import { Journal } from './journal';
import { Meter } from './meter';

interface DownloadOptions {
  to?: string;
  task?: number;
  only?: 'outputs' | 'results';
  parallel?: number;
}

const LINK_MINUTES = 600;
const PAGE = 200;
const DEFAULT_PARALLEL = 8;

export function addDownload(parent: Command, session: Session): void {
  define<DownloadOptions>(parent, session, 'download <job> [pattern]', {
    summary: 'Bring outputs and results of a job into a folder',
    examples: [
      'download wordcount --to out',
      "download wordcount 'out/*.csv' --only outputs",
      'download wordcount --task 17 --to task17',
    ],
    options: (command) =>
      command
        .option('--to <folder>', 'where to (default: a folder with the name of the job)')
        .option('--task <index>', 'only outputs of this task', wholeNumber('--task'))
        .addOption(new Option('--only <part>', 'only one of the two').choices(['outputs', 'results']))
        .option('--parallel <number>', `files at once (default ${DEFAULT_PARALLEL})`, wholeNumber('--parallel', 1)),
    action: download,
  });
}

async function download(
  context: Context,
  options: DownloadOptions,
  name: string,
  pattern?: string,
): Promise<ExitCode | void> {
  const { io, out } = context;
  const root = path.resolve(io.cwd, options.to ?? name);
  const job = await context.api.json<Job>(await context.scope.job(name));
  await mkdir(root, { recursive: true });
  const journal = await Journal.open(root);
  const meter = new Meter(io);
  const done: Record<Fetched, number> = { fetched: 0, resumed: 0, unchanged: 0 };
  const failures: CliError[] = [];
  const events = { bytes: (count: number) => meter.add(count), sleep: (ms: number) => io.sleep(ms) };
  const queue = remotes(context, job, options, pattern);
  await inParallel(queue, options.parallel ?? DEFAULT_PARALLEL, async (remote) => {
    try {
      const how = await fetchFile(root, remote, journal, events);
      done[how] += 1;
      meter.file();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failures.push(error);
    }
  });
  meter.end();
  const total = done.fetched + done.resumed + done.unchanged;
  out.document({ folder: root, ...done, failed: failures.length, bytes: meter.bytes }, () =>
    total + failures.length === 0
      ? `Nothing to download${pattern ? ` matches '${pattern}'` : ''}: \`${suggested(context, `files ${name}`)}\` lists the outputs.\n`
      : `${many(total, 'file')} in ${root}: ${done.fetched + done.resumed} brought (${bytes(meter.bytes)}), ${done.unchanged} there already.\n`,
  );
  const [first] = failures;
  if (!first) return undefined;
  throw new CliError(`${many(failures.length, 'file')} could not be downloaded.`, {
    details: failures.slice(0, 10).map(({ message }) => message),
    exitCode: ExitCode.local,
    ...(first.next === undefined ? {} : { next: first.next }),
  });
}

/** What is to be brought, page by page, so that no link is old when its turn comes. */
async function* remotes(
  context: Context,
  job: Job,
  { only, task }: DownloadOptions,
  pattern?: string,
): AsyncGenerator<Remote> {
  const wanted = pattern === undefined ? undefined : globPattern(pattern);
  const matches = (...names: string[]) => !wanted || names.some((name) => wanted.test(name));
  if (only !== 'outputs' && task === undefined) yield* results(context, job, matches);
  if (only === 'results') return;
  const path = `${await context.scope.job(job.job)}/outputs`;
  const query = { task, linkExpiryMinutes: LINK_MINUTES, pageSize: PAGE };
  for await (const { value } of pages<{ task: number; path: string; bytes: number; url: string }>(
    context.api,
    path,
    query,
  )) {
    for (const output of value) {
      const name = `${output.task}/${output.path}`;
      if (matches(output.path, name)) yield { ...output, name: `outputs/${name}`, id: `${job.uid}/outputs/${name}` };
    }
  }
}

interface Results {
  manifestUrl: string;
  artefacts: { name: string; bytes: number; url: string }[];
}

async function* results(
  { api, scope, out }: Context,
  job: Job,
  matches: (...names: string[]) => boolean,
): AsyncGenerator<Remote> {
  let found: Results;
  try {
    found = await api.json<Results>(`${await scope.job(job.job)}/results`, {
      query: { linkExpiryMinutes: LINK_MINUTES },
    });
  } catch (error) {
    const none = error instanceof ApiError && ['JobNotFinished', 'ResultsNotFound'].includes(error.code);
    if (!none) throw error;
    return out.note(`${error.message} Only the outputs there are now are brought.`);
  }
  const files = [{ name: 'manifest.json', bytes: 0, url: found.manifestUrl }, ...found.artefacts];
  for (const { name: named, ...file } of files) {
    // Some are named by their whole blob.
    const name = named.replace(`jobs/${job.uid}/results/`, '').replace(/^artefacts\//, '');
    if (matches(name)) yield { ...file, name: `results/${name}`, id: `${job.uid}/results/${name}` };
  }
}

async function inParallel<T>(
  source: AsyncGenerator<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (;;) {
        const next = await source.next();
        if (next.done) return;
        await work(next.value);
      }
    }),
  );
}
