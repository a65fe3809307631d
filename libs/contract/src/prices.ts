/** Prices of a deployment, as its operator states them. Reading the file is the business of each app's config. */

export interface NodeRates {
  /** Of one node for an hour. */
  dedicated: number;
  spot: number;
}

export interface PriceList {
  currency: string;
  /** By VM size; case does not matter. */
  vmSizes: Record<string, NodeRates>;
}

/** Rates of a VM size; undefined when the list does not know it. */
export function ratesOf(prices: PriceList | undefined, vmSize: string): NodeRates | undefined {
  return prices?.vmSizes[vmSize.toLowerCase()];
}

/** @throws Error that names what is wrong in the text of a price file, and where */
export function parsePrices(text: string): PriceList {
  const list = object(parseJson(text), '$');
  const { currency, vmSizes } = list;
  if (typeof currency !== 'string' || currency === '') throw new Error('$.currency must be text such as "EUR".');
  const sizes = Object.entries(object(vmSizes, '$.vmSizes')).map(([size, rates]): [string, NodeRates] => {
    const path = `$.vmSizes.${size}`;
    const { dedicated, spot } = object(rates, path);
    return [
      size.toLowerCase(),
      { dedicated: price(dedicated, `${path}.dedicated`), spot: price(spot, `${path}.spot`) },
    ];
  });
  return { currency, vmSizes: Object.fromEntries(sizes) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`It is not JSON: ${String(error)}`, { cause: error });
  }
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${path} must be an object.`);
}

function price(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${path} must be a number of at least 0: the price of one node for an hour.`);
}
