import { lstat, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { ComputeNode } from '../model/nodes/node';
import { mountsOf } from '../model/pools/mounts';
import { makeInside } from './inside';
import type { NodeLayout } from './node-layout';

/**
 * File shares, blob containers and exports that pools mount. Each is a folder of the host that all nodes see below
 * `AZ_BATCH_NODE_MOUNTS_DIR`, and that outlives them.
 */
export class Shares {
  constructor(
    private readonly root: string,
    private readonly layout: NodeLayout,
  ) {}

  /** Mounts what the pool of the node names; what is mounted already stays. */
  async attach(node: ComputeNode): Promise<void> {
    for (const { relativeMountPath, share } of mountsOf(node.pool.spec.mountConfiguration)) {
      const folder = path.join(this.root, ...share.filter((part) => part !== '').map(plain));
      const mountPoint = path.join(this.layout.mounts(node), relativeMountPath);
      await mkdir(folder, { recursive: true });
      makeInside(this.layout.nodeRoot(node), path.dirname(mountPoint));
      if (!(await exists(mountPoint))) await symlink(folder, mountPoint, 'dir');
    }
  }
}

/** A name that is one folder below another, whatever it was. */
const plain = (part: string): string => part.replace(/[^A-Za-z0-9._$-]/g, '_').replace(/^\.+$/, '_');

const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );
