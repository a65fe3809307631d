import path from 'node:path';
import type { ComputeNode } from '../model/nodes/node';

/** The directories of nodes below one root, laid out as on a Batch node. */
export class NodeLayout {
  constructor(private readonly root: string) {}

  /** Holds all nodes. */
  get base(): string {
    return path.join(this.root, 'nodes');
  }

  nodeRoot(node: ComputeNode): string {
    return path.join(this.base, node.pool.id, node.id);
  }

  shared(node: ComputeNode): string {
    return path.join(this.nodeRoot(node), 'shared');
  }

  mounts(node: ComputeNode): string {
    return path.join(this.nodeRoot(node), 'fsmounts');
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
    const directory = jobId.includes(':') ? jobDirectory(jobId) : `workitems/${jobId}`;
    return path.join(this.nodeRoot(node), directory);
  }

  task(node: ComputeNode, jobId: string, taskId: string, subtaskId = 0): string {
    return path.join(this.nodeRoot(node), taskRootDirectory(jobId, taskId, subtaskId));
  }

  /** What the instances of a multi-instance task on this node have in common. */
  taskShared(node: ComputeNode, jobId: string, taskId: string): string {
    return path.join(this.task(node, jobId, taskId), 'shared');
  }
}

/** Where the tasks of a job live, relative to the node: below the schedule, where there is one. */
function jobDirectory(jobId: string): string {
  const [owner = jobId, number = 'job-1'] = jobId.split(':');
  return `workitems/${owner}/${number}`;
}

/** Where a task lives, relative to its node. */
export function taskRootDirectory(jobId: string, taskId: string, subtaskId = 0): string {
  return `${jobDirectory(jobId)}/${taskId}${subtaskId > 0 ? `/${subtaskId}` : ''}`;
}

/** Joins a path that came from outside; `undefined` when it would leave the directory. */
export function joinInside(directory: string, relative: string): string | undefined {
  const joined = path.resolve(directory, relative);
  return joined === directory || joined.startsWith(directory + path.sep) ? joined : undefined;
}
