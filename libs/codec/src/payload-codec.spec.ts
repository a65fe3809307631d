import { defaultPayloadConverter } from '@temporalio/common';
import { EncryptionCodec, fromWire, parsePayloadKeys, PayloadUnreadableError, toWire } from './index';

const text = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`;
const codecOf = (...keys: string[]) => new EncryptionCodec(parsePayloadKeys(keys.join(',')));
const payload = () => defaultPayloadConverter.toPayload({ token: 'do not show' });
const valueOf = (one: ReturnType<typeof payload>) => defaultPayloadConverter.fromPayload(one);

describe('an encrypted payload', () => {
  it('shows nothing of what it holds, is never the same twice, and comes back as it was', async () => {
    const sut = codecOf(text('a', 1));
    const [first, second] = await sut.encode([payload(), payload()]);
    for (const one of [first!, second!]) {
      expect(Buffer.from(one.data!).includes('do not show')).toBe(false);
      expect(Buffer.from(one.metadata!['encoding']!).toString()).toBe('binary/encrypted');
    }
    expect(Buffer.compare(first!.data!, second!.data!)).not.toBe(0);
    const decoded = await sut.decode([first!, second!]);
    expect(decoded.map(valueOf)).toEqual([{ token: 'do not show' }, { token: 'do not show' }]);
  });

  it('is read with an older key while a newer one encrypts', async () => {
    const [old] = await codecOf(text('old', 1)).encode([payload()]);
    const sut = codecOf(text('new', 2), text('old', 1));
    expect(valueOf((await sut.decode([old!]))[0]!)).toEqual({ token: 'do not show' });
    const [fresh] = await sut.encode([payload()]);
    expect(Buffer.from(fresh!.metadata!['encryption-key-id']!).toString()).toBe('new');
    await expect(codecOf(text('old', 1)).decode([fresh!])).rejects.toThrow("key 'new', which is not configured");
  });

  it('that was changed, or names another key, is refused', async () => {
    const sut = codecOf(text('a', 1), text('b', 2));
    const [one] = await sut.encode([payload()]);
    const data = Buffer.from(one!.data!);
    data[20]! ^= 1;
    await expect(sut.decode([{ ...one!, data }])).rejects.toThrow(PayloadUnreadableError);
    const metadata = { ...one!.metadata, 'encryption-key-id': Buffer.from('b') };
    await expect(sut.decode([{ ...one!, metadata }])).rejects.toThrow(PayloadUnreadableError);
    await expect(sut.decode([{ ...one!, data: Buffer.alloc(3) }])).rejects.toThrow(PayloadUnreadableError);
  });

  it('stands beside those from before there was a key', async () => {
    expect((await codecOf(text('a', 1)).decode([payload()])).map(valueOf)).toEqual([{ token: 'do not show' }]);
  });

  it('travels to a codec server and back', async () => {
    const [one] = await codecOf(text('a', 1)).encode([payload()]);
    const back = fromWire(JSON.parse(JSON.stringify(toWire(one!))));
    expect(valueOf((await codecOf(text('a', 1)).decode([back]))[0]!)).toEqual({ token: 'do not show' });
    expect(toWire(fromWire({}))).toEqual({ metadata: {}, data: '' });
  });
});

describe('keys', () => {
  it.each([
    ['', 'entry 1'],
    ['a', 'entry 1'],
    [`${text('a', 1)},b:c2hvcnQ=`, 'entry 2'],
    [`${text('a', 1)},${text('a', 2)}`, "'a' is there twice"],
  ])('are refused without being told: %#', (keys, reason) => {
    const parse = () => parsePayloadKeys(keys);
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow(/c2hvcnQ|AQEB/);
  });
});
