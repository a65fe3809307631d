import { RunFailure, withoutQuery } from './run-failure';
import { exchange, readText } from './transfer';

export interface BlobRef {
  name: string;
  url: string;
}

const STORAGE_VERSION = '2021-12-02';
export const STORAGE_HEADERS: Readonly<Record<string, string>> = { 'x-ms-version': STORAGE_VERSION };

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undoes XML escapes in a text node. */
export function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    return ENTITIES[entity] ?? whole;
  });
}

/** The URL of a blob in a container whose URL may carry a SAS. */
export function blobUrl(containerUrl: string, name: string): string {
  const url = new URL(containerUrl);
  const encoded = name.split('/').map(encodeURIComponent).join('/');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encoded}`;
  return url.toString();
}

/** All blobs of a container below a prefix ("List Blobs", Blob service REST API); directories markers are left out. */
export async function listBlobs(containerUrl: string, prefix: string, signal: AbortSignal): Promise<BlobRef[]> {
  const blobs: BlobRef[] = [];
  for (let marker = ''; ;) {
    const page = await listPage(containerUrl, prefix, marker, signal);
    for (const [, name = ''] of page.matchAll(/<Blob>.*?<Name>(.*?)<\/Name>/gs)) {
      const plain = unescapeXml(name);
      if (!plain.endsWith('/')) blobs.push({ name: plain, url: blobUrl(containerUrl, plain) });
    }
    marker = unescapeXml(/<NextMarker>(.*?)<\/NextMarker>/s.exec(page)?.[1] ?? '');
    if (marker === '') return blobs;
  }
}

async function listPage(containerUrl: string, prefix: string, marker: string, signal: AbortSignal): Promise<string> {
  const url = new URL(containerUrl);
  url.searchParams.set('restype', 'container');
  url.searchParams.set('comp', 'list');
  if (prefix !== '') url.searchParams.set('prefix', prefix);
  if (marker !== '') url.searchParams.set('marker', marker);
  const details = { BlobSource: withoutQuery(containerUrl) };
  const answer = await exchange(url.toString(), { method: 'GET', headers: STORAGE_HEADERS, signal }).catch(
    (error: unknown) => {
      throw new RunFailure('BlobDownloadMiscError', { ...details, Message: String(error) });
    },
  );
  const text = await readText(answer.stream);
  if (answer.status === 200) return text;
  const status = { ...details, Status: String(answer.status) };
  if (answer.status === 404) throw new RunFailure('BlobNotFound', status);
  throw new RunFailure(answer.status === 403 ? 'BlobAccessDenied' : 'BlobDownloadMiscError', status);
}
