import { X509Certificate } from 'node:crypto';
import { batchError, invalidProperty } from '../errors';
import type { Journal } from '../store/journal';
import type { Clock } from '../util/clock';
import type { Micros } from '../util/time';
import { ResourceTable } from './resource-table';

export interface CertificateSpec {
  thumbprint: string;
  thumbprintAlgorithm: string;
  /** Base64. */
  data: string;
  certificateFormat?: 'pfx' | 'cer';
  password?: string;
}

/** What is kept of a certificate: nothing that is secret. */
export interface Certificate {
  thumbprint: string;
  thumbprintAlgorithm: string;
  /** Base64; known where the upload was a public certificate. */
  publicData?: string;
  modified: Micros;
}

const THUMBPRINT = /^[0-9a-f]{40}$/i;

/**
 * Certificates of the account, as resources only: the service has retired them and no node gets them. They are gone at
 * once when deleted, since no node can hold them back.
 */
export class Certificates {
  readonly table: ResourceTable<Certificate>;

  constructor(
    journal: Journal,
    private readonly clock: Clock,
  ) {
    this.table = new ResourceTable('certificate', journal);
  }

  get(algorithm: string, thumbprint: string): Certificate {
    const certificate = algorithm.toLowerCase() === 'sha1' ? this.table.get(thumbprint) : undefined;
    if (!certificate) throw batchError('CertificateNotFound');
    return certificate;
  }

  /** "Certificate - Add". */
  add({ thumbprint, thumbprintAlgorithm, data, certificateFormat = 'pfx' }: CertificateSpec): Certificate {
    if (thumbprintAlgorithm.toLowerCase() !== 'sha1') {
      throw invalidProperty('thumbprintAlgorithm', thumbprintAlgorithm, "The algorithm must be 'sha1'.");
    }
    if (!THUMBPRINT.test(thumbprint)) {
      throw invalidProperty('thumbprint', thumbprint, 'A SHA-1 thumbprint has 40 hexadecimal digits.');
    }
    if (Buffer.from(data, 'base64').length === 0) throw invalidProperty('data', '', 'The data must be base64.');
    if (this.table.get(thumbprint)) throw batchError('CertificateExists');
    return this.table.set(thumbprint, {
      thumbprint: thumbprint.toLowerCase(),
      thumbprintAlgorithm: 'sha1',
      ...(certificateFormat === 'cer' && { publicData: publicDataOf(data, thumbprint) }),
      modified: this.clock.now(),
    });
  }

  /** "Certificate - Delete". */
  delete(certificate: Certificate): void {
    this.table.delete(certificate.thumbprint);
  }
}

function publicDataOf(data: string, thumbprint: string): string {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(data, 'base64'));
  } catch {
    throw invalidProperty('data', '', 'The data is not a certificate.');
  }
  if (certificate.fingerprint.replaceAll(':', '').toLowerCase() !== thumbprint.toLowerCase()) {
    throw invalidProperty('thumbprint', thumbprint, 'The thumbprint is not that of the certificate.');
  }
  return certificate.raw.toString('base64');
}
