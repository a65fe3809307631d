/** `npm run demo [-- --keep] [-- --example mandelbrot]`: one job from REST to result, on a stack of its own. */
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Bars } from './bars';
import { uploadExample } from './example-data';
import { runUntilInterrupted } from './interruptible';
import { barsOf, isOver, request } from './job-client';
import type { JobView, ResultsView } from './job-client';
import { ROOT } from './paths';
import { startStack } from './stack';

const POLL_MS = 300;

interface DemoOptions {
  keep: boolean;
  example: string;
}

export function parseArguments(args: string[]): DemoOptions {
  const options: DemoOptions = { keep: false, example: 'flights' };
  for (let i = 0; i < args.length; i++) {
    const argument = args[i];
    if (argument === '--keep') options.keep = true;
    else if (argument === '--example' && ['flights', 'mandelbrot'].includes(args[i + 1] ?? ''))
      options.example = args[++i]!;
    else
      throw new Error(`Unknown argument '${argument}'. Usage: npm run demo -- [--keep] [--example flights|mandelbrot]`);
  }
  return options;
}

async function main(): Promise<void> {
  await runUntilInterrupted(async (interrupted, cleanup) => {
    const options = parseArguments(process.argv.slice(2));
    const say = (message: string) => console.log(message);
    const began = Date.now();
    const directory = await mkdtemp(path.join(tmpdir(), 'windrow-demo-'));
    cleanup(() => rm(directory, { recursive: true, force: true }));
    const address = process.env.TEMPORAL_ADDRESS;
    const stack = await startStack({ directory, say, ...(address && { temporalAddress: address }) });
    cleanup(() => stack.stop());
    say(`Stack ready after ${seconds(began)} s.\n`);
    printUrls(stack.apiUrl, stack.temporalUiUrl, say);
    const run = () => runExample(options.example, stack.apiUrl, stack.storageConnectionString, say);
    const job = await Promise.race([run(), interrupted, stack.failed]);
    say(`\nDemo finished after ${seconds(began)} s.`);
    if (options.keep) {
      printUrls(stack.apiUrl, stack.temporalUiUrl, say);
      say('The stack stays up (--keep). Ctrl-C stops it.');
      await Promise.race([interrupted, stack.failed]);
    }
    if (job.state !== 'succeeded') throw new Error(`The job ended as ${job.state}: ${job.error?.message ?? ''}`);
  });
}

async function runExample(
  example: string,
  apiUrl: string,
  connectionString: string,
  say: (text: string) => void,
): Promise<JobView> {
  const uploadBegan = Date.now();
  const { files, bytes } = await uploadExample(connectionString, example);
  say(`Uploaded ${files} files (${(bytes / 1e6).toFixed(1)} MB) to Blob in ${seconds(uploadBegan)} s.`);
  const spec: unknown = JSON.parse(await readFile(path.join(ROOT, 'examples', example, 'job.json'), 'utf8'));
  const url = `${apiUrl}/v1/jobs/${example}`;
  say(`PUT ${url}   (examples/${example}/job.json)\n`);
  await request('PUT', url, spec);
  const job = await follow(url);
  if (job.state === 'succeeded') await printResult(example, url, say);
  for (const failure of job.failures)
    say(`${failure.count} × ${failure.code}: ${failure.examples[0]?.stderrTail ?? ''}`);
  say(`Node-seconds used: ${(job.nodeSeconds ?? 0).toFixed(1)}`);
  return job;
}

async function follow(url: string): Promise<JobView> {
  const bars = new Bars();
  for (;;) {
    const job = await request<JobView>('GET', url);
    bars.draw(barsOf(job));
    if (isOver(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Shows the result and keeps a copy where a person finds it after the stack is gone. */
async function printResult(example: string, url: string, say: (text: string) => void): Promise<void> {
  const results = await request<ResultsView>('GET', `${url}/results`);
  const target = path.join(ROOT, '.windrow', 'demo', example);
  await mkdir(target, { recursive: true });
  say(`\nResults (${url}/results):`);
  for (const artefact of results.artefacts) {
    const content = Buffer.from(await (await fetch(artefact.url)).arrayBuffer());
    const file = path.join(target, path.basename(artefact.name));
    await writeFile(file, content);
    say(`  ${artefact.name}  ${artefact.bytes} bytes -> ${path.relative(process.cwd(), file)}`);
    if (file.endsWith('.csv')) say(worstOf(content.toString('utf8')));
  }
}

/** The five airports of the table with the largest mean delay. */
function worstOf(csv: string): string {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
    .filter(([, flights]) => Number(flights) >= 1000)
    .sort((a, b) => Number(b[3]) - Number(a[3]))
    .slice(0, 5);
  return rows
    .map(
      ([origin, flights, , mean]) =>
        `      ${origin}  ${Number(mean).toFixed(1)} min mean delay over ${flights} flights`,
    )
    .join('\n');
}

function printUrls(apiUrl: string, temporalUiUrl: string | undefined, say: (text: string) => void): void {
  say(`  API docs     ${apiUrl}/docs`);
  if (temporalUiUrl) say(`  Temporal UI  ${temporalUiUrl}`);
  say('');
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

if (require.main === module) void main();
