import { readFileSync } from 'node:fs';
import { parsePrices } from '@windrow/contract';
import type { PriceList } from '@windrow/contract';

/**
 * The prices of a deployment, for whoever reads its configuration; undefined when it has none.
 * @throws Error that names the file and what is wrong with it
 */
export function readPriceFile(path: string | undefined): PriceList | undefined {
  if (!path) return undefined;
  try {
    return parsePrices(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`WINDROW_PRICES names ${path}, which is no price file. ${reason}`, { cause: error });
  }
}
