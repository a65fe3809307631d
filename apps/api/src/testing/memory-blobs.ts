import { Readable } from 'node:stream';
import {
  BlobExistsError,
  type BlobInfo,
  BlobNotFoundError,
  type BlobProperties,
  BlobStore,
  ContainerNotFoundError,
  type ReadOptions,
  type WriteOptions,
} from '@windrow/storage';

const WRITTEN = new Date('2026-01-15T09:00:00Z');

/** Blob storage in a map; what the API uses of it. */
export class MemoryBlobs extends BlobStore {
  readonly containers = new Map<string, Map<string, Buffer>>();
  private readonly written = new Map<string, number>();
  /** Runs before a write, to let something happen in between. */
  beforeWrite: (blob: string) => Promise<void> = async () => undefined;

  /** Bytes handed out, by blob. */
  readonly bytesRead = new Map<string, number>();
  /** Offsets that streams were begun at, by blob. */
  readonly asked = new Map<string, number[]>();
  private etags = 0;

  constructor() {
    super(undefined as never);
  }

  put(container: string, blob: string, text: string): void {
    this.container(container, true).set(blob, Buffer.from(text));
    this.written.set(blob, ++this.etags);
  }

  names(container: string): string[] {
    return [...(this.containers.get(container)?.keys() ?? [])].sort();
  }

  override async ensureContainer(container: string): Promise<void> {
    this.container(container, true);
  }

  override async containerExists(container: string): Promise<boolean> {
    return this.containers.has(container);
  }

  override async properties(container: string, blob: string): Promise<BlobProperties | undefined> {
    const bytes = this.containers.get(container)?.get(blob);
    return bytes && { bytes: bytes.length, etag: '"1"', lastModified: WRITTEN };
  }

  override async readText(container: string, blob: string): Promise<string> {
    return this.handOut(blob, this.bytes(container, blob)).toString();
  }

  override async readStream(container: string, blob: string, options: ReadOptions = {}): Promise<Readable> {
    const { offset = 0, count } = options;
    const bytes = this.bytes(container, blob).subarray(offset, count === undefined ? undefined : offset + count);
    this.asked.set(blob, [...(this.asked.get(blob) ?? []), offset]);
    return Readable.from([this.handOut(blob, bytes)], { objectMode: false });
  }

  override async readRange(container: string, blob: string, offset: number, count: number): Promise<Buffer> {
    return this.handOut(blob, this.bytes(container, blob).subarray(offset, offset + count));
  }

  override async writeText(container: string, blob: string, text: string | Buffer, options: WriteOptions = {}) {
    await this.beforeWrite(blob);
    const blobs = this.container(container, false);
    if (options.ifNoneMatch && blobs.has(blob)) throw new BlobExistsError(container, blob);
    blobs.set(blob, Buffer.from(text));
    return { etag: '"1"' };
  }

  override async appendText(container: string, blob: string, text: string): Promise<void> {
    const blobs = this.container(container, false);
    blobs.set(blob, Buffer.concat([blobs.get(blob) ?? Buffer.alloc(0), Buffer.from(text)]));
  }

  override async *list(container: string, { prefix = '' }: { prefix?: string } = {}): AsyncGenerator<BlobInfo> {
    const blobs = this.container(container, false);
    for (const name of [...blobs.keys()].sort()) {
      const bytes = blobs.get(name)?.length ?? 0;
      if (name.startsWith(prefix))
        yield { name, bytes, etag: `"${this.written.get(name)}"`, lastModified: WRITTEN, isDirectory: false };
    }
  }

  override async delete(container: string, blob: string): Promise<void> {
    this.containers.get(container)?.delete(blob);
  }

  private handOut(blob: string, bytes: Buffer): Buffer {
    this.bytesRead.set(blob, (this.bytesRead.get(blob) ?? 0) + bytes.length);
    return bytes;
  }

  private bytes(container: string, blob: string): Buffer {
    const bytes = this.container(container, false).get(blob);
    if (!bytes) throw new BlobNotFoundError(container, blob);
    return bytes;
  }

  private container(name: string, create: boolean): Map<string, Buffer> {
    const found = this.containers.get(name);
    if (found) return found;
    if (!create) throw new ContainerNotFoundError(name);
    const made = new Map<string, Buffer>();
    this.containers.set(name, made);
    return made;
  }
}
