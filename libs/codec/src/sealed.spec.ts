import { randomBytes } from 'node:crypto';
import { parseSecretKeys, seal, SealError, unseal } from './sealed';

const fresh = () => randomBytes(32).toString('base64');

describe('secrets at rest', () => {
  const [one, two] = [fresh(), fresh()];

  it('are opened by the key that sealed them, at their place only', () => {
    const keys = parseSecretKeys(one);
    const sealed = seal(keys, 'whsec_x', 'aero/w');
    expect(sealed).not.toContain('whsec');
    expect(seal(keys, 'whsec_x', 'aero/w')).not.toBe(sealed);
    expect(unseal(keys, sealed, 'aero/w')).toBe('whsec_x');
    expect(() => unseal(keys, sealed, 'other/w')).toThrow(SealError);
    const damaged = sealed
      .replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      .replace(/\.(.)/, (all, first) => `.${first === 'A' ? 'B' : 'A'}`);
    expect(() => unseal(keys, damaged, 'aero/w')).toThrow(SealError);
  });

  it('outlive a change of keys for as long as the old one is there', () => {
    const sealed = seal(parseSecretKeys(one), 's', 'p');
    expect(unseal(parseSecretKeys(`${two}, ${one}`), sealed, 'p')).toBe('s');
    expect(() => unseal(parseSecretKeys(two), sealed, 'p')).toThrow('WINDROW_SECRET_KEY');
    expect(() => seal([], 's', 'p')).toThrow('WINDROW_SECRET_KEY');
  });

  it.each(['', 'short', `${'A'.repeat(43)}`, `${one},x`])('keys such as %j are refused, and not told', (text) => {
    expect(() => parseSecretKeys(text)).toThrow(/entry \d is not 32 bytes/);
    try {
      parseSecretKeys(text);
    } catch (error) {
      expect(String(error)).not.toContain(one);
    }
  });
});
