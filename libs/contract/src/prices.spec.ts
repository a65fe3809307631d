import { parsePrices, ratesOf } from './prices';

const RATES = { dedicated: 0.1, spot: 0.02 };
const file = (change: object) => JSON.stringify({ currency: 'EUR', vmSizes: { Standard_D2s_v3: RATES }, ...change });

describe('a price file', () => {
  it('gives the rates of a VM size, however that is spelled', () => {
    const prices = parsePrices(file({}));
    expect(ratesOf(prices, 'STANDARD_d2s_v3')).toEqual(RATES);
    expect(ratesOf(prices, 'standard_d4s_v3')).toBeUndefined();
    expect(ratesOf(undefined, 'standard_d2s_v3')).toBeUndefined();
  });

  it.each([
    ['nothing', 'not JSON'],
    ['[]', '$ must be an object'],
    [file({ currency: 1 }), '$.currency'],
    [file({ vmSizes: [] }), '$.vmSizes must'],
    [file({ vmSizes: { a: { dedicated: 1 } } }), '$.vmSizes.a.spot'],
    [file({ vmSizes: { a: { dedicated: -1, spot: 0 } } }), '$.vmSizes.a.dedicated'],
  ])('%s is refused, naming %s', (text, named) => {
    expect(() => parsePrices(text)).toThrow(named);
  });
});
