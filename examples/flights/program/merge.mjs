// The reduction: merges parts below inputs/ and writes the sum, the table and the chart. Runs at each level of the tree.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barChart } from './chart.mjs';
import { toCsv, totals, worst } from './totals.mjs';

const airports = totals();
for (const entry of await readdir('inputs', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  airports.addPart(JSON.parse(await readFile(path.join(entry.parentPath ?? entry.path, entry.name), 'utf8')));
}
const byOrigin = airports.toJSON();
await mkdir('out', { recursive: true });
await writeFile('out/part.json', JSON.stringify(byOrigin));
await writeFile('out/delay-by-origin.csv', toCsv(byOrigin));
await writeFile('out/worst-airports.svg', barChart(worst(byOrigin, 20), airports.flights));
console.log(`${airports.flights} flights from ${airports.size} airports`);
