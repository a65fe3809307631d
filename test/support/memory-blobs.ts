import { Readable } from 'node:stream';
import { BlobChangedError, BlobNotFoundError, BlobStore, ContainerNotFoundError } from '@windrow/storage';
import type { BlobInfo, BlobProperties, ReadOptions } from '@windrow/storage';

interface MemoryBlob {
  bytes: Buffer;
  etag: string;
}

/** A blob store in memory that hands out small chunks, so that every reader meets every kind of cut. */
export class MemoryBlobs extends BlobStore {
  readonly containers = new Map<string, Map<string, MemoryBlob>>();
  /** Size of the chunks of a stream. Bytes. */
  chunkBytes = 7;
  private versions = 0;

  constructor() {
    // Everything that would use the service is overridden.
    super(undefined as never);
  }

  /** Puts a blob, and the container where need be. */
  put(container: string, blob: string, content: string | Buffer): string {
    let blobs = this.containers.get(container);
    if (!blobs) this.containers.set(container, (blobs = new Map<string, MemoryBlob>()));
    const etag = `"${(this.versions += 1)}"`;
    blobs.set(blob, { bytes: Buffer.from(content), etag });
    return etag;
  }

  override async containerExists(container: string): Promise<boolean> {
    return this.containers.has(container);
  }

  override async properties(container: string, blob: string): Promise<BlobProperties | undefined> {
    const found = this.containers.get(container)?.get(blob);
    return found && { bytes: found.bytes.length, etag: found.etag, lastModified: new Date(0) };
  }

  override async readText(container: string, blob: string): Promise<string> {
    return this.find(container, blob).bytes.toString();
  }

  override async readStream(container: string, blob: string, options: ReadOptions = {}): Promise<Readable> {
    const { bytes } = this.find(container, blob, options.ifMatch);
    const size = this.chunkBytes;
    return Readable.from(
      (function* () {
        for (let at = options.offset ?? 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })(),
      { objectMode: false },
    );
  }

  override async readRange(
    container: string,
    blob: string,
    offset: number,
    count: number,
    options: Pick<ReadOptions, 'ifMatch'> = {},
  ): Promise<Buffer> {
    return this.find(container, blob, options.ifMatch).bytes.subarray(offset, offset + count);
  }

  override async writeText(container: string, blob: string, text: string | Buffer): Promise<{ etag: string }> {
    return { etag: this.put(container, blob, text) };
  }

  override async writeStream(container: string, blob: string, stream: Readable): Promise<{ bytes: number }> {
    const bytes = Buffer.concat(await stream.toArray());
    this.put(container, blob, bytes);
    return { bytes: bytes.length };
  }

  override async *list(container: string, { prefix = '' }: { prefix?: string } = {}): AsyncGenerator<BlobInfo> {
    const blobs = this.containers.get(container);
    if (!blobs) throw new ContainerNotFoundError(container);
    for (const name of [...blobs.keys()].sort()) {
      const { bytes, etag } = blobs.get(name)!;
      if (!name.startsWith(prefix)) continue;
      yield { name, bytes: bytes.length, etag, lastModified: new Date(0), isDirectory: false };
    }
  }

  private find(container: string, blob: string, ifMatch?: string): MemoryBlob {
    const blobs = this.containers.get(container);
    if (!blobs) throw new ContainerNotFoundError(container);
    const found = blobs.get(blob);
    if (!found) throw new BlobNotFoundError(container, blob);
    if (ifMatch !== undefined && ifMatch !== found.etag) throw new BlobChangedError(container, blob);
    return found;
  }
}
