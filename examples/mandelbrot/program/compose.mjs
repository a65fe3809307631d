// Puts the tiles below inputs/ together into one PNG (PNG specification, second edition: signature, IHDR, IDAT, IEND).
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const size = Number(process.env.TILE_PIXELS);
const across = Number(process.env.TILES_ACROSS);
const width = size * across;
const image = Buffer.alloc(width * (width * 3 + 1));

let tiles = 0;
for (const entry of await readdir('inputs', { recursive: true, withFileTypes: true })) {
  const match = /^(\d+)-(\d+)\.tile$/.exec(entry.name);
  if (!match) continue;
  const [row, column] = match.slice(1).map(Number);
  const pixels = await readFile(path.join(entry.parentPath ?? entry.path, entry.name));
  for (let y = 0; y < size; y++) {
    // Each line of the picture begins with a filter byte, 0 for none.
    const target = (row * size + y) * (width * 3 + 1) + 1 + column * size * 3;
    pixels.copy(image, target, y * size * 3, (y + 1) * size * 3);
  }
  tiles += 1;
}
if (tiles !== across * across) throw new Error(`${tiles} tiles of ${across * across} are there`);

const header = Buffer.alloc(13);
header.writeUInt32BE(width, 0);
header.writeUInt32BE(width, 4);
header.set([8, 2, 0, 0, 0], 8);
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const png = Buffer.concat([
  signature,
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(image)),
  chunk('IEND', Buffer.alloc(0)),
]);
await mkdir('out', { recursive: true });
await writeFile('out/mandelbrot.png', png);
console.log(`${tiles} tiles, ${png.length} bytes`);

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
