import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { RecentlyUsed } from '../../util/recently-used';

/** Bodies in one pack at the most. */
const PLACES = 128;
/** Texts packed together: enough for what they repeat to cost next to nothing, few enough to unpack for one of them. */
export const TEXTS_PER_PACK = 64;
/** A window that holds a few bodies is enough, and making a large one costs more than packing. */
const PACKING = { level: 1, windowBits: 13, memLevel: 6 };

/** Finds a body in a document. */
export type BodyReader = (document: unknown, index: number) => unknown;

interface Pack {
  /** While it is being filled. */
  texts: string[] | undefined;
  bytes: Buffer | undefined;
  deflated: boolean;
  readonly read: BodyReader;
  /** Places that somebody still needs. */
  live: number;
}

/** Documents unpacked lately, of all jobs: who reads one body mostly comes for its neighbours next. */
const unpacked = new RecentlyUsed<Pack, unknown>(32);

/** Bodies that are many, much alike and seldom read: as JSON, packed, with a number for the place of each. */
export class BodyArchive {
  private readonly packs: (Pack | undefined)[] = [];
  /** Index of the pack that texts are being added to. */
  private open = -1;
  private last: { text: string; place: number } | undefined;

  /** Takes a body as JSON; one equal to the last one has its place. */
  add(text: string): number {
    const place = text === this.last?.text ? this.last.place : this.append(text);
    this.keep(place);
    return place;
  }

  /** Takes a whole document as it is; its bodies have the places from the given one on, for those who `keep` them. */
  addDocument(bytes: Buffer, read: BodyReader): number {
    const pack: Pack = { texts: undefined, bytes, deflated: false, read, live: 0 };
    deflateRaw(bytes, PACKING, (error, result) => {
      if (!error) setBytes(pack, result);
    });
    return this.push(pack) * PLACES;
  }

  keep(place: number): void {
    const pack = this.packs[Math.floor(place / PLACES)];
    if (pack) pack.live++;
  }

  /** One of those who had the place needs it no more. */
  release(place: number): void {
    const index = Math.floor(place / PLACES);
    const pack = this.packs[index];
    if (!pack || --pack.live > 0 || pack.texts) return;
    this.packs[index] = undefined;
    unpacked.delete(pack);
    if (this.last && Math.floor(this.last.place / PLACES) === index) this.last = undefined;
  }

  get(place: number): unknown {
    const pack = this.packs[Math.floor(place / PLACES)];
    const index = place % PLACES;
    if (pack?.texts) return JSON.parse(pack.texts[index] ?? '{}');
    return pack?.read(unpacked.get(pack, unpack), index);
  }

  private append(text: string): number {
    const fresh: Pack = { texts: [], bytes: undefined, deflated: false, read: at, live: 0 };
    const pack = this.packs[this.open] ?? fresh;
    if (pack === fresh) this.open = this.push(fresh);
    const texts = pack.texts ?? [];
    const place = this.open * PLACES + texts.push(text) - 1;
    this.last = { text, place };
    if (texts.length === TEXTS_PER_PACK) {
      setBytes(pack, deflateRawSync(`[${texts.join(',')}]`, PACKING));
      pack.texts = undefined;
      this.open = -1;
    }
    return place;
  }

  private push(pack: Pack): number {
    return this.packs.push(pack) - 1;
  }
}

function at(document: unknown, index: number): unknown {
  return (document as unknown[])[index];
}

/** A copy, because the result is a small part of a large buffer. */
function setBytes(pack: Pack, deflated: Buffer): void {
  pack.bytes = Buffer.allocUnsafeSlow(deflated.length);
  deflated.copy(pack.bytes);
  pack.deflated = true;
}

function unpack({ bytes = Buffer.from('[]'), deflated }: Pack): unknown {
  return JSON.parse((deflated ? inflateRawSync(bytes) : bytes).toString('utf8'));
}
