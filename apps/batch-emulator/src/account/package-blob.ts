import { batchError } from '../errors';
import { ask } from './auto-storage';

/** A zip archive begins with a file, or right away with the end of the directory when it is empty. */
const SIGNATURES = [Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('PK\x05\x06', 'latin1')];

/** Refuses a package that was not uploaded, or is no zip archive, by its first bytes. */
export async function checkZip(url: string): Promise<void> {
  const answer = await ask(url, 'GET', { Range: 'bytes=0-3' });
  const chunks: Buffer[] = [];
  for await (const chunk of answer.stream) {
    chunks.push(chunk as Buffer);
    break;
  }
  if (answer.status === 404) throw batchError('ApplicationPackageBlobNotFound');
  const start = Buffer.concat(chunks).subarray(0, 4);
  if (answer.status >= 300 || !SIGNATURES.some((signature) => signature.equals(start))) {
    throw batchError('InvalidApplicationPackage', { Reason: 'The uploaded blob is not a zip archive.' });
  }
}
