import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Account } from '../account/account';
import { resolvePackage, type ResolvedPackage } from '../account/package-references';
import type { ComputeNode } from '../model/nodes/node';
import type { PackageReference, ResourceFile } from '../wire/types';
import type { Environment } from './environment';
import { makeInside, removeInside } from './inside';
import type { NodeLayout } from './node-layout';
import { RunFailure } from './run-failure';
import { exchange } from './transfer';
import { unzip } from './unzip';

/** How long a URL into auto storage is good for; what it is for begins at once. */
const URL_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** What nodes take from the account's storage: application packages, and containers named by resource files. */
export class NodeStorage {
  /** Packages that are on nodes or on their way, by directory. */
  private readonly installed = new Map<string, Promise<void>>();
  /** What the pool asked for when the node booted; later changes of the pool reach it with its next boot. */
  private readonly ofPool = new WeakMap<ComputeNode, ResolvedPackage[]>();

  constructor(
    private readonly account: Account,
    private readonly layout: NodeLayout,
  ) {}

  /** Installs the pool's packages anew: done on join, reboot and reimage, when nothing uses them. */
  async installForPool(node: ComputeNode, signal: AbortSignal): Promise<void> {
    const wanted = (node.pool.spec.applicationPackageReferences ?? []).map((reference) => this.resolve(reference));
    for (const found of wanted) {
      const folder = this.folder(node, found);
      this.installed.delete(folder);
      await this.ensure(node, found, signal);
    }
    this.ofPool.set(node, wanted);
  }

  /** Installs packages that are not on the node yet ("Task - Add": applicationPackageReferences). */
  async install(node: ComputeNode, references: readonly PackageReference[], signal: AbortSignal): Promise<void> {
    for (const reference of references) {
      const found = this.resolve(reference);
      await this.ensure(node, found, signal);
    }
  }

  /** `AZ_BATCH_APP_PACKAGE_{application}_{version}`, and without the version for the default one. */
  environment(node: ComputeNode, references: readonly PackageReference[] | undefined): Environment {
    const result: Environment = {};
    const own = (references ?? []).map((reference) => resolvePackage(this.account, reference));
    for (const found of [...(this.ofPool.get(node) ?? []), ...own]) {
      if (!found) continue;
      const name = `AZ_BATCH_APP_PACKAGE_${flat(found.application.id)}`;
      const folder = this.folder(node, found);
      result[`${name}_${flat(found.package.version)}`] = folder;
      if (found.isDefault) result[name] = folder;
    }
    return result;
  }

  /** Resource files with the container of the auto-storage account as a URL that nodes can read. */
  withUrls(files: readonly ResourceFile[]): ResourceFile[] {
    return files.map((file) => {
      const { autoStorageContainerName: container, ...rest } = file;
      const { storage } = this.account;
      if (container === undefined || !storage) return file;
      return { ...rest, storageContainerUrl: storage.containerUrl(container, Date.now(), URL_LIFETIME_MS) };
    });
  }

  private async ensure(node: ComputeNode, found: ResolvedPackage, signal: AbortSignal): Promise<void> {
    const folder = this.folder(node, found);
    for (let present = this.installed.get(folder); present; present = this.installed.get(folder)) {
      const isThere = await present.then(
        () => existsSync(folder),
        () => false,
      );
      if (isThere) return;
      // Whoever brought it has failed or was killed, or the node has lost its files: the next one tries for itself.
      if (this.installed.get(folder) === present) this.installed.delete(folder);
    }
    const installing = this.bring(node, found, signal);
    this.installed.set(folder, installing);
    await installing;
  }

  private resolve(reference: PackageReference): ResolvedPackage {
    const found = resolvePackage(this.account, reference);
    if (found) return found;
    const { applicationId, version = 'default version' } = reference;
    throw failure({ ApplicationId: applicationId, Version: version, Message: 'There is no such active package.' });
  }

  private folder(node: ComputeNode, { application, package: { version } }: ResolvedPackage): string {
    return path.join(this.layout.applications(node), application.id.toLowerCase(), version.toLowerCase());
  }

  /** Downloads beside the place and moves there when all went well, so that no half package is ever seen. */
  private async bring(node: ComputeNode, found: ResolvedPackage, signal: AbortSignal): Promise<void> {
    const { application, package: item } = found;
    const folder = this.folder(node, found);
    // No version begins with a period.
    const beside = path.join(path.dirname(folder), `.${path.basename(folder)}`);
    const [partial, archive] = [`${beside}.partial`, `${beside}.zip`];
    try {
      makeInside(this.layout.nodeRoot(node), path.dirname(folder));
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial);
      await this.download(item.container, item.blob, archive, signal);
      await unzip(archive, partial, signal);
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    } catch (error) {
      await removeInside(this.layout.nodeRoot(node), partial);
      const Message = error instanceof Error ? error.message : String(error);
      throw failure({ ApplicationId: application.id, Version: item.version, Message });
    } finally {
      await removeInside(this.layout.nodeRoot(node), archive);
    }
  }

  private async download(container: string, blob: string, file: string, signal: AbortSignal): Promise<void> {
    const { storage } = this.account;
    if (!storage) throw new Error('The account has no auto-storage account.');
    const url = storage.blobUrl(container, blob, 'r', Date.now(), URL_LIFETIME_MS);
    const answer = await exchange(url, { method: 'GET', signal });
    if (answer.status !== 200) {
      answer.stream.resume();
      throw new Error(`The download was answered with status ${answer.status}.`);
    }
    await rm(file, { force: true });
    await pipeline(answer.stream, createWriteStream(file, { flags: 'wx' }), { signal });
  }
}

const failure = (details: Record<string, string>): RunFailure => new RunFailure('ApplicationPackageError', details);

/** Variable names on Linux: periods, hyphens and number signs become underscores, the case is kept. */
const flat = (text: string): string => text.replace(/[.\-#]/g, '_');
