import path from 'node:path';
import type { ComputeNode } from '../model/node';

/** The directories of nodes below one root, laid out as on a Batch node. */
export class NodeLayout {
  constructor(private readonly root: string) {}

  nodeRoot(node: ComputeNode): string {
    return path.join(this.root, 'nodes', node.pool.id, node.id);
  }

  shared(node: ComputeNode): string {
    return path.join(this.nodeRoot(node), 'shared');
  }

  startup(node: ComputeNode): string {
    return path.join(this.nodeRoot(node), 'startup');
  }

  applications(node: ComputeNode): string {
    return path.join(this.nodeRoot(node), 'applications');
  }

  all(node: ComputeNode): string[] {
    return ['applications', 'fsmounts', 'shared', 'startup', 'volatile', 'workitems'].map((name) =>
      path.join(this.nodeRoot(node), name),
    );
  }

  job(node: ComputeNode, jobId: string): string {
    return path.join(this.nodeRoot(node), 'workitems', jobId);
  }

  task(node: ComputeNode, jobId: string, taskId: string): string {
    return path.join(this.nodeRoot(node), taskRootDirectory(jobId, taskId));
  }
}

/** Where a task lives, relative to its node. */
export function taskRootDirectory(jobId: string, taskId: string): string {
  return `workitems/${jobId}/job-1/${taskId}`;
}

/** Joins a path that came from outside; `undefined` when it would leave the directory. */
export function joinInside(directory: string, relative: string): string | undefined {
  const joined = path.resolve(directory, relative);
  return joined === directory || joined.startsWith(directory + path.sep) ? joined : undefined;
}
