/** The examples on real data, against a computation in one process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ROOT, uploadExample } from '@windrow/local-stack';
import { TestStack } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const example = (name: string, file: string) => path.join(ROOT, 'examples', name, file);
const specOf = (name: string) => JSON.parse(readFileSync(example(name, 'job.json'), 'utf8')) as object;

async function artefact(job: string, file: string): Promise<Buffer> {
  const { body } = await stack.call('GET', `/v1/jobs/${job}/results`);
  const found = body.artefacts.find(({ name }: { name: string }) => name.endsWith(`/${file}`));
  return Buffer.from(await (await fetch(found.url)).arrayBuffer());
}

it('flights: sixty tasks and a reduction give the numbers of a single process', async () => {
  await uploadExample(stack.stack.storageConnectionString, 'flights');
  const job = await stack.run('flights', specOf('flights'));
  expect(job).toMatchObject({ state: 'succeeded', items: 3_000_000, counts: { total: 60, succeeded: 60 } });
  expect((await artefact('flights', 'delay-by-origin.csv')).toString('utf8')).toBe(await singleProcess());
  expect((await artefact('flights', 'worst-airports.svg')).toString('utf8')).toMatch(
    /^<svg[\s\S]*BGR[\s\S]*<\/svg>\n$/,
  );
  await stack.expectNothingLeft(job);
});

/** The table, computed without any of Windrow's code or the example's. */
async function singleProcess(): Promise<string> {
  const file = await asyncBufferFromFile(path.join(ROOT, 'node_modules/vega-datasets/data/flights-3m.parquet'));
  const byOrigin = new Map<string, [flights: number, minutes: number, late: number]>();
  for (const row of await parquetReadObjects({ file, compressors, columns: ['origin', 'delay'] })) {
    const delay = Number(row.delay ?? 0);
    const [flights, minutes, late] = byOrigin.get(row.origin as string) ?? [0, 0, 0];
    byOrigin.set(row.origin as string, [flights + 1, minutes + delay, late + (delay >= 15 ? 1 : 0)]);
  }
  const rows = [...byOrigin]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([origin, [n, minutes, late]]) => `${origin},${n},${minutes},${(minutes / n).toFixed(3)},${late}\n`);
  return `origin,flights,delay_minutes,mean_delay_minutes,late_flights\n${rows.join('')}`;
}

it('mandelbrot: tiles come together to one picture, each in its place', async () => {
  await uploadExample(stack.stack.storageConnectionString, 'mandelbrot');
  const job = await stack.run('mandelbrot', specOf('mandelbrot'));
  expect(job).toMatchObject({ state: 'succeeded', counts: { total: 64, succeeded: 64 } });
  const png = await artefact('mandelbrot', 'mandelbrot.png');
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);
  const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const tile = renderTile(5, 2);
  const line = 1024 * 3 + 1;
  for (const y of [0, 64, 127]) {
    const start = (5 * 128 + y) * line + 1 + 2 * 128 * 3;
    expect(pixels.subarray(start, start + 128 * 3).equals(tile.subarray(y * 128 * 3, (y + 1) * 128 * 3))).toBe(true);
  }
});

function renderTile(row: number, column: number): Buffer {
  const cwd = mkdtempSync(path.join(tmpdir(), 'windrow-tile-'));
  try {
    const env = {
      ...process.env,
      WINDROW_ITEM: JSON.stringify({ row, column }),
      TILE_PIXELS: '128',
      TILES_ACROSS: '8',
      ITERATIONS: '600',
    };
    execFileSync(process.execPath, [example('mandelbrot', 'program/tile.mjs')], { cwd, env });
    return readFileSync(path.join(cwd, 'out', `${row}-${column}.tile`));
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
