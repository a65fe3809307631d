import { X509Certificate } from 'node:crypto';
import { Rest } from './rest';
import type { Target } from './target';
import { CERTIFICATE } from './tls-fixture';

/** The service retired certificates in 2024; the rules are those of the versions that still have them. */
export function describeCertificates(target: () => Target): void {
  describe('certificates', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    const certificate = new X509Certificate(CERTIFICATE);
    const thumbprint = certificate.fingerprint.replaceAll(':', '').toLowerCase();
    const data = certificate.raw.toString('base64');
    const body = { thumbprint, thumbprintAlgorithm: 'sha1', data, certificateFormat: 'cer' };
    const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`;

    it('are added, listed, read and deleted', async () => {
      const added = await rest.post('/certificates', body);
      const location = `/certificates(ThumbprintAlgorithm=sha1,Thumbprint=${thumbprint})`;
      expect([added.status, added.headers['location']]).toEqual([201, expect.stringContaining(location)]);
      expect(added.headers).not.toHaveProperty('etag');
      const { json } = await rest.get(path);
      expect(json).toMatchObject({ thumbprint, thumbprintAlgorithm: 'sha1', state: 'active', publicData: data });
      expect(json.url).toContain(path);
      const listed = await rest.get('/certificates', {
        query: { $filter: "state eq 'active'", $select: 'thumbprint' },
      });
      expect(listed.json.value).toContainEqual({ thumbprint });
      expect((await rest.post('/certificates', body)).json.code).toBe('CertificateExists');
      expect((await rest.post(`${path}/canceldelete`)).json.code).toBe('CertificateStateActive');
      expect((await rest.delete(path)).status).toBe(202);
    });

    it('one that is not there is 404', async () => {
      const missing = await rest.get('/certificates(thumbprintAlgorithm=sha1,thumbprint=00)');
      expect([missing.status, missing.json.code]).toEqual([404, 'CertificateNotFound']);
    });

    it.each([
      [{ thumbprintAlgorithm: 'md5' }, 'InvalidPropertyValue'],
      [{ thumbprint: '0'.repeat(40) }, 'InvalidPropertyValue'],
      [{ thumbprint: undefined }, 'MissingRequiredProperty'],
    ])('a body with %j is refused', async (change, code) => {
      const refused = await rest.post('/certificates', { ...body, ...change });
      expect([refused.status, refused.json.code]).toEqual([400, code]);
    });

    it('are gone from 2025-06-01 on', async () => {
      expect((await rest.get('/certificates', { apiVersion: '2025-06-01' })).status).toBe(404);
    });
  });
}
