import { startApi } from '../testing/start-api';

const PAYLOAD = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'IngiCg==' };
const key = (fill: number) => ({ id: 'k', key: Buffer.alloc(32, fill) });

describe('the codec endpoint', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  afterEach(() => sut.close());
  const temporal = { namespace: 'default', connectionOptions: {}, uiUrl: 'http://localhost:8233' };
  const post = (action: string, payloads: unknown[]) => sut.http.post(`/v1/codec/${action}`).send({ payloads });

  it('encrypts and decrypts, and refuses what it has no key for', async () => {
    sut = await startApi({ temporal: { ...temporal, payloadKeys: [key(1)] } });
    const { body: encoded } = await post('encode', [PAYLOAD]).expect(200);
    expect(JSON.stringify(encoded)).not.toContain(PAYLOAD.data);
    expect((await post('decode', encoded.payloads).expect(200)).body.payloads).toEqual([PAYLOAD]);
    await sut.close();
    sut = await startApi({ temporal: { ...temporal, payloadKeys: [key(2)] } });
    const { body } = await post('decode', encoded.payloads).expect(422);
    expect(body).toMatchObject({ code: 'PayloadUnreadable', errors: [{ path: '$.payloads' }] });
  });

  it('gives payloads back as they are where there is no key', async () => {
    sut = await startApi();
    expect((await post('decode', [PAYLOAD]).expect(200)).body.payloads).toEqual([PAYLOAD]);
    expect((await post('decode', [{ metadata: [] }]).expect(400)).body.code).toBe('InvalidRequest');
  });

  it("may be used from the pages of Temporal's own interface, and from no others", async () => {
    sut = await startApi({ temporal: { ...temporal, payloadKeys: [] } });
    const preflight = (origin: string) => sut.http.options('/v1/codec/decode').set('Origin', origin);
    for (const origin of ['http://localhost:8233', 'http://127.0.0.1:8233']) {
      const { headers } = await preflight(origin).expect(204);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-headers']).toContain('x-namespace');
    }
    for (const origin of ['http://localhost:8080', 'https://evil.example']) {
      const { headers } = await preflight(origin);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    const { headers } = await sut.http.get('/v1/jobs').set('Origin', 'http://localhost:8233');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
