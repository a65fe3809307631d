import { Readable } from 'node:stream';
import type { BlobServiceClient, BlobDownloadResponseParsed, BlobClient } from '@azure/storage-blob';
import { BlobExistsError, BlobNotFoundError, ContainerNotFoundError, StorageError } from './errors';
import { Lanes } from './lanes';
import { splitLines } from './lines';
import { splitAtLineEnds } from './append-blocks';
import { translated, translatedEach } from './translate';
import type { BlobInfo, BlobProperties, ReadOptions, WriteOptions } from './blob-types';

/** Size and number of the pieces that a large transfer has in memory. 50,000 such blocks make 195 GiB. */
const BLOCK = 4 * 1024 * 1024;
const BLOCK_LANES = 4;
const DELETE_LANES = 16;

/**
 * Blob storage in the terms Windrow needs. Every failure is a {@link StorageError} of a telling subclass; the client
 * beneath has already retried what passes by itself.
 */
export class BlobStore {
  constructor(private readonly service: BlobServiceClient) {}

  /** Creates the container unless it is there. */
  async ensureContainer(container: string): Promise<void> {
    await translated({ container }, () => this.service.getContainerClient(container).createIfNotExists());
  }

  async containerExists(container: string): Promise<boolean> {
    return translated({ container }, () => this.service.getContainerClient(container).exists());
  }

  /** Deletes a container with all that is in it; its name is free again a while after that (30 s in Azure). */
  async deleteContainer(container: string): Promise<void> {
    await translated({ container }, () => this.service.getContainerClient(container).deleteIfExists());
  }

  /** Names of the containers that begin so. */
  async *listContainers(prefix: string): AsyncGenerator<string> {
    const pages = this.service.listContainers({ prefix }).byPage();
    for await (const page of translatedEach({ container: `${prefix}*` }, pages))
      for (const { name } of page.containerItems) yield name;
  }

  /** Facts about a blob, or about one of its versions; undefined when it, or its container, is absent. */
  async properties(
    container: string,
    blob: string,
    { versionId }: { versionId?: string } = {},
  ): Promise<BlobProperties | undefined> {
    const current = this.client(container, blob);
    const client = versionId === undefined ? current : current.withVersion(versionId);
    return absentAsUndefined(async () => {
      const found = await translated({ container, blob }, () => client.getProperties());
      return {
        bytes: found.contentLength ?? 0,
        etag: quoted(found.etag),
        ...(found.versionId !== undefined && { versionId: found.versionId }),
        lastModified: found.lastModified ?? new Date(0),
        ...(found.contentType !== undefined && { contentType: found.contentType }),
      };
    });
  }

  /** Whole text of a blob. @throws BlobNotFoundError, ContainerNotFoundError */
  async readText(container: string, blob: string): Promise<string> {
    return translated({ container, blob }, async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body(await this.client(container, blob).download())) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    });
  }

  async readTextIfPresent(container: string, blob: string): Promise<string | undefined> {
    return absentAsUndefined(() => this.readText(container, blob));
  }

  /** The blob's JSON, taken to be a T: only for blobs Windrow wrote itself. @throws as readText; SyntaxError */
  async readJson<T>(container: string, blob: string): Promise<T> {
    return JSON.parse(await this.readText(container, blob)) as T;
  }

  async readJsonIfPresent<T>(container: string, blob: string): Promise<T | undefined> {
    return absentAsUndefined(() => this.readJson<T>(container, blob));
  }

  /** The last bytes of a blob as UTF-8, a character that was cut in two left out; undefined when it is absent. */
  async readTail(container: string, blob: string, maxBytes: number): Promise<string | undefined> {
    const found = await this.properties(container, blob);
    if (!found) return undefined;
    const offset = Math.max(0, found.bytes - maxBytes);
    const tail = await absentAsUndefined(() => this.readRange(container, blob, offset, found.bytes - offset));
    if (!tail) return undefined;
    let start = 0;
    // 10xxxxxx is the inside of a UTF-8 character, of which there are at most three bytes.
    while (offset > 0 && start < Math.min(3, tail.length) && (tail[start]! & 0xc0) === 0x80) start += 1;
    return tail.toString('utf8', start);
  }

  /** The blob's bytes. Failures while reading arrive, translated, as the stream's error. */
  async readStream(container: string, blob: string, options: ReadOptions = {}): Promise<Readable> {
    const place = { container, blob };
    const answer = await translated(place, () =>
      this.client(container, blob).download(options.offset ?? 0, options.count, {
        maxRetryRequests: 5,
        ...(options.ifMatch !== undefined && { conditions: { ifMatch: options.ifMatch } }),
      }),
    );
    return Readable.from(translatedEach(place, body(answer)), { objectMode: false });
  }

  /** Lines of a text blob, see {@link splitLines}; memory stays bounded whatever the blob's size. */
  async *readLines(container: string, blob: string, options: ReadOptions = {}): AsyncGenerator<string> {
    for await (const lines of this.readLineBatches(container, blob, options)) yield* lines;
  }

  /** As {@link readLines}, a chunk's worth of lines at a time: for millions of lines. */
  async *readLineBatches(
    container: string,
    blob: string,
    options: ReadOptions & { maxLineBytes?: number } = {},
  ): AsyncGenerator<string[]> {
    yield* splitLines(await this.readStream(container, blob, options), options.maxLineBytes);
  }

  /** `count` bytes from `offset` on, fetched in parallel pieces when they are many. */
  async readRange(
    container: string,
    blob: string,
    offset: number,
    count: number,
    options: Pick<ReadOptions, 'ifMatch'> = {},
  ): Promise<Buffer> {
    if (count === 0) return Buffer.alloc(0);
    return translated({ container, blob }, () =>
      this.client(container, blob).downloadToBuffer(offset, count, {
        blockSize: BLOCK,
        concurrency: BLOCK_LANES,
        ...(options.ifMatch !== undefined && { conditions: { ifMatch: options.ifMatch } }),
      }),
    );
  }

  /**
   * Writes a whole blob.
   * @throws BlobExistsError when `ifNoneMatch` is given and it exists; BlobChangedError; ContainerNotFoundError
   */
  async writeText(
    container: string,
    blob: string,
    text: string | Buffer,
    options: WriteOptions = {},
  ): Promise<{ etag: string }> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const client = this.service.getContainerClient(container).getBlockBlobClient(blob);
    try {
      const answer = await translated({ container, blob }, () =>
        client.upload(bytes, bytes.length, {
          blobHTTPHeaders: { blobContentType: options.contentType ?? 'text/plain; charset=utf-8' },
          ...(options.metadata && { metadata: options.metadata }),
          ...(options.ifNoneMatch && { conditions: { ifNoneMatch: options.ifNoneMatch } }),
          ...(options.ifMatch && { conditions: { ifMatch: options.ifMatch } }),
        }),
      );
      return { etag: quoted(answer.etag) };
    } catch (error) {
      if (options.ifNoneMatch && error instanceof StorageError && error.statusCode === 412) {
        throw new BlobExistsError(container, blob, { cause: error });
      }
      throw error;
    }
  }

  async writeJson(
    container: string,
    blob: string,
    value: unknown,
    options: WriteOptions = {},
  ): Promise<{ etag: string }> {
    return this.writeText(container, blob, JSON.stringify(value), { contentType: 'application/json', ...options });
  }

  /** Uploads a stream of any length in blocks; at most a few blocks are in memory. */
  async writeStream(
    container: string,
    blob: string,
    stream: Readable,
    options: Pick<WriteOptions, 'contentType'> = {},
  ): Promise<{ bytes: number }> {
    let bytes = 0;
    const client = this.service.getContainerClient(container).getBlockBlobClient(blob);
    await translated({ container, blob }, () =>
      client.uploadStream(stream, BLOCK, BLOCK_LANES, {
        blobHTTPHeaders: { blobContentType: options.contentType ?? 'application/octet-stream' },
        onProgress: ({ loadedBytes }) => (bytes = loadedBytes),
      }),
    );
    return { bytes };
  }

  /**
   * Appends to an append blob, which is created on first use. Text above one block is split at line ends, so that
   * two writers never break each other's lines. A retried append may be stored twice.
   * @throws AppendBlobFullError after 50,000 appends
   */
  async appendText(container: string, blob: string, text: string): Promise<void> {
    const client = this.service.getContainerClient(container).getAppendBlobClient(blob);
    for (const block of splitAtLineEnds(Buffer.from(text))) {
      const append = () => translated({ container, blob }, () => client.appendBlock(block, block.length));
      try {
        await append();
      } catch (error) {
        if (!(error instanceof BlobNotFoundError)) throw error;
        await translated({ container, blob }, () => client.createIfNotExists());
        await append();
      }
    }
  }

  /** Blobs by name. @throws ContainerNotFoundError on the first step */
  async *list(container: string, options: { prefix?: string } = {}): AsyncGenerator<BlobInfo> {
    const pages = this.service
      .getContainerClient(container)
      .listBlobsFlat({ includeMetadata: true, ...(options.prefix && { prefix: options.prefix }) })
      .byPage({ maxPageSize: 5000 });
    for await (const page of translatedEach({ container }, pages)) {
      for (const { name, properties, versionId, metadata } of page.segment.blobItems) {
        yield {
          name,
          bytes: properties.contentLength ?? 0,
          etag: quoted(properties.etag),
          ...(versionId !== undefined && { versionId }),
          lastModified: properties.lastModified,
          isDirectory: metadata?.hdi_isfolder === 'true',
          ...(metadata && { metadata }),
        };
      }
    }
  }

  /** Deletes a blob; one that is not there is as good as deleted. */
  async delete(container: string, blob: string): Promise<void> {
    await absentAsUndefined(() =>
      translated({ container, blob }, () => this.client(container, blob).delete({ deleteSnapshots: 'include' })),
    );
  }

  /** Deletes every blob under a prefix and returns how many there were. */
  async deletePrefix(container: string, prefix: string): Promise<number> {
    const lanes = new Lanes(DELETE_LANES);
    let count = 0;
    try {
      for await (const { name } of this.list(container, { prefix })) {
        await lanes.run(() => this.delete(container, name));
        count += 1;
      }
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    await lanes.drain();
    return count;
  }

  private client(container: string, blob: string): BlobClient {
    return this.service.getContainerClient(container).getBlobClient(blob);
  }
}

async function absentAsUndefined<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof BlobNotFoundError || error instanceof ContainerNotFoundError) return undefined;
    throw error;
  }
}

/** Listings give etags without their quotes, all else with them. */
function quoted(etag: string | undefined): string {
  if (etag === undefined) return '';
  return etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"`;
}

function body(answer: BlobDownloadResponseParsed): AsyncIterable<Uint8Array> {
  // Always set under Node; the type leaves it open for browsers.
  return (answer.readableStreamBody ?? Readable.from([])) as AsyncIterable<Uint8Array>;
}
