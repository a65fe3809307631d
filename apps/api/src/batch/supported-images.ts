import type { ImageSpec } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** An image that Batch takes, and the node agent that fits it. */
export type SupportedImage = Omit<ImageSpec, 'version'>;

/** Batch lists new images every few weeks. Milliseconds. */
const KEEP_MS = 3_600_000;

/** The images that Batch lists, asked for at most once an hour. */
export class SupportedImages {
  private known: { images: SupportedImage[]; until: number } | undefined;

  constructor(private readonly list: () => Promise<SupportedImage[]>) {}

  /** Undefined when they cannot be had now: nobody is refused for that. */
  async get(now = Date.now()): Promise<SupportedImage[] | undefined> {
    if (this.known && this.known.until > now) return this.known.images;
    try {
      this.known = { images: await this.list(), until: now + KEEP_MS };
    } catch {
      return this.known?.images;
    }
    return this.known.images;
  }
}

/** What is wrong with an image, `path` being its place in the body. An empty list says nothing. */
export function supportErrors(image: ImageSpec, path: string, supported: SupportedImage[]): FieldError[] {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const { publisher, offer, sku, nodeAgentSkuId } = image;
  const found = supported.filter(
    (known) => same(known.publisher, publisher) && same(known.offer, offer) && same(known.sku, sku),
  );
  if (supported.length === 0 || found.some((known) => same(known.nodeAgentSkuId, nodeAgentSkuId))) return [];
  if (found.length > 0) {
    const agents = found.map((known) => known.nodeAgentSkuId).join(' or ');
    return [{ path: `${path}.nodeAgentSkuId`, code: 'UnknownNodeAgent', message: `must be ${agents} for this image` }];
  }
  const message = `is no image that Azure Batch supports: ${publisher} ${offer} ${sku}`;
  return [{ path, code: 'UnknownImage', message }];
}
