import { Injectable } from '@nestjs/common';
import { Catalogue, type ResourceKey, ResourceStore, type Stored } from '@windrow/storage';

const PAGE = 1000;

/** The store of resources for keys and assignments; the first use of it in an installation makes its table. */
@Injectable()
export class AccessStore {
  private ready: Promise<void> | undefined;

  constructor(
    private readonly resources: ResourceStore,
    private readonly catalogue: Catalogue,
  ) {}

  async use(): Promise<ResourceStore> {
    this.ready ??= this.catalogue.ensure().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    await this.ready;
    return this.resources;
  }

  /** Every one there is, however many. */
  async all<T extends object>(place: Omit<ResourceKey, 'name'>): Promise<Stored<T>[]> {
    const resources = await this.use();
    const found: Stored<T>[] = [];
    let pageToken: string | undefined;
    do {
      const page = await resources.list<T>(place, { pageSize: PAGE, ...(pageToken !== undefined && { pageToken }) });
      found.push(...page.rows);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  }
}
