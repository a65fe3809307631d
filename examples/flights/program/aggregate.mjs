// One task: sums the delays of its rows by origin airport. Reads items.jsonl, writes out/part.json.
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { totals } from './totals.mjs';

const airports = totals();
for await (const line of createInterface({ input: createReadStream('items.jsonl') })) {
  if (line !== '') airports.addFlight(JSON.parse(line));
}
await mkdir('out', { recursive: true });
await writeFile('out/part.json', JSON.stringify(airports.toJSON()));
console.log(`${airports.flights} flights from ${airports.size} airports`);
