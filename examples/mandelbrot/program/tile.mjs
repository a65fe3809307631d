// One tile of the picture: the item says which; out/{row}-{column}.tile holds its RGB bytes.
import { mkdir, writeFile } from 'node:fs/promises';

const { row, column } = JSON.parse(process.env.WINDROW_ITEM);
const size = Number(process.env.TILE_PIXELS);
const across = Number(process.env.TILES_ACROSS);
const limit = Number(process.env.ITERATIONS);

const LEFT = -0.7453 - 0.0045;
const TOP = 0.1127 + 0.0045;
const SPAN = 0.009;
const step = SPAN / (size * across);

const pixels = Buffer.alloc(size * size * 3);
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    const cr = LEFT + (column * size + x) * step;
    const ci = TOP - (row * size + y) * step;
    pixels.set(colour(escape(cr, ci)), (y * size + x) * 3);
  }
}
await mkdir('out', { recursive: true });
await writeFile(`out/${row}-${column}.tile`, pixels);

/** Smoothed number of iterations before the point escapes; undefined when it does not. */
function escape(cr, ci) {
  let zr = 0;
  let zi = 0;
  for (let n = 0; n < limit; n++) {
    const r2 = zr * zr;
    const i2 = zi * zi;
    if (r2 + i2 > 256) return n + 1 - Math.log2(Math.log(r2 + i2) / 2);
    zi = 2 * zr * zi + ci;
    zr = r2 - i2 + cr;
  }
  return undefined;
}

function colour(n) {
  if (n === undefined) return [8, 8, 16];
  const t = Math.sqrt(n) * 0.55;
  return [0, 0.6, 1.1].map((phase) => Math.round(127.5 * (1 + Math.cos(t + phase + 2.6))));
}
