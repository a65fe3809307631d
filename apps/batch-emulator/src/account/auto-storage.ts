import { createHmac } from 'node:crypto';
import { batchError, type BatchError } from '../errors';
import { blobUrl, STORAGE_HEADERS } from '../nodes/blob-list';
import { exchange, type Answer } from '../nodes/transfer';

const SAS_VERSION = '2021-12-02';
/** Clocks differ a little: a SAS holds from somewhat before now. */
const EARLY_MS = 15 * 60 * 1000;

/** What `UseDevelopmentStorage=true` stands for: Azurite's published account, which is no secret. */
const DEVELOPMENT_STORAGE = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  endpoint: 'http://127.0.0.1:10000/devstoreaccount1',
};

interface Location {
  name: string;
  /** Base64. */
  key: string;
  endpoint: string;
}

/** The storage account that belongs to the Batch account ("auto-storage account"): packages and staged files. */
export class AutoStorage {
  readonly name: string;

  private constructor(private readonly location: Location) {
    this.name = location.name;
  }

  /** From a connection string with an account key. */
  static parse(connectionString: string): AutoStorage {
    const settings = new Map<string, string>();
    for (const part of connectionString.split(';')) {
      const equals = part.indexOf('=');
      if (equals > 0) settings.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
    }
    if (settings.get('usedevelopmentstorage')?.toLowerCase() === 'true') return new AutoStorage(DEVELOPMENT_STORAGE);
    const name = settings.get('accountname');
    const key = settings.get('accountkey');
    if (name === undefined || key === undefined) {
      throw new Error('The storage connection string needs AccountName and AccountKey, or UseDevelopmentStorage=true.');
    }
    const scheme = settings.get('defaultendpointsprotocol') ?? 'https';
    const suffix = settings.get('endpointsuffix') ?? 'core.windows.net';
    const endpoint = settings.get('blobendpoint') ?? `${scheme}://${name}.blob.${suffix}`;
    return new AutoStorage({ name, key, endpoint: endpoint.replace(/\/$/, '') });
  }

  /** A URL of a container with a SAS ("Create a service SAS"); it lets blobs be read and listed. */
  containerUrl(container: string, nowMs: number, lifetimeMs: number): string {
    const sas = this.serviceSas('c', 'rl', `/${container}`, nowMs, lifetimeMs);
    return `${this.location.endpoint}/${container}?${sas.toString()}`;
  }

  /** A URL of one blob with a SAS for reading, or for writing it. */
  blobUrl(container: string, blob: string, permissions: 'r' | 'rw' | 'd', nowMs: number, lifetimeMs: number): string {
    const sas = this.serviceSas('b', permissions, `/${container}/${blob}`, nowMs, lifetimeMs);
    return `${blobUrl(`${this.location.endpoint}/${container}`, blob)}?${sas.toString()}`;
  }

  /** Makes the container unless it is there. */
  async ensureContainer(container: string, nowMs: number): Promise<void> {
    const sas = this.accountSas(nowMs, EARLY_MS);
    const url = `${this.location.endpoint}/${container}?restype=container&${sas.toString()}`;
    const status = await this.send('PUT', url, { 'Content-Length': '0' });
    if (status !== 201 && status !== 409) throw storageError(`Creating the container was answered with ${status}.`);
  }

  async deleteBlob(container: string, blob: string, nowMs: number): Promise<void> {
    const status = await this.send('DELETE', this.blobUrl(container, blob, 'd', nowMs, EARLY_MS), {});
    if (status !== 202 && status !== 404) throw storageError(`Deleting the blob was answered with ${status}.`);
  }

  private async send(method: 'PUT' | 'DELETE', url: string, headers: Record<string, string>): Promise<number> {
    const answer = await ask(url, method, headers);
    answer.stream.resume();
    return answer.status;
  }

  /** "Create a service SAS": version 2020-12-06 and later. */
  private serviceSas(
    resource: 'b' | 'c',
    permissions: string,
    path: string,
    nowMs: number,
    lifetimeMs: number,
  ): URLSearchParams {
    const [start, expiry] = span(nowMs, lifetimeMs);
    const lines = [permissions, start, expiry, `/blob/${this.name}${path}`, '', '', '', SAS_VERSION, resource];
    const signature = this.sign([...lines, '', '', '', '', '', '', ''].join('\n'));
    return new URLSearchParams({
      sv: SAS_VERSION,
      st: start,
      se: expiry,
      sr: resource,
      sp: permissions,
      sig: signature,
    });
  }

  /** "Create an account SAS": only such a one may create containers. */
  private accountSas(nowMs: number, lifetimeMs: number): URLSearchParams {
    const [start, expiry] = span(nowMs, lifetimeMs);
    const signature = this.sign([this.name, 'cw', 'b', 'c', start, expiry, '', '', SAS_VERSION, '', ''].join('\n'));
    return new URLSearchParams({
      ...{ sv: SAS_VERSION, ss: 'b', srt: 'c', sp: 'cw', st: start, se: expiry },
      sig: signature,
    });
  }

  private sign(text: string): string {
    return createHmac('sha256', Buffer.from(this.location.key, 'base64')).update(text, 'utf8').digest('base64');
  }
}

/** One exchange with the storage account; a broken one is told to the client as what it is. */
export async function ask(
  url: string,
  method: 'GET' | 'PUT' | 'DELETE',
  headers: Record<string, string>,
): Promise<Answer> {
  const { signal } = new AbortController();
  return exchange(url, { method, headers: { ...STORAGE_HEADERS, ...headers }, signal }).catch((error: unknown) => {
    throw storageError(String(error));
  });
}

function storageError(reason: string): BatchError {
  return batchError('StorageAccountNotFound', { Reason: reason });
}

function span(nowMs: number, lifetimeMs: number): [string, string] {
  const format = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return [format(nowMs - EARLY_MS), format(nowMs + lifetimeMs)];
}
