import { succeeded, type JobNode, type NodeTaskInfo } from '../model/job-node';
import type { Properties, PropertyValue } from './evaluate';

/** Which properties a `$filter` on the status of job preparation and release tasks may name. */
export const jobNodeProperties: Properties<JobNode> = {
  poolId: (node) => node.placement.poolId,
  nodeId: (node) => node.placement.nodeId,
  ...of('jobPreparationTaskExecutionInfo', (node) => node.preparation),
  ...of('jobReleaseTaskExecutionInfo', (node) => node.release),
};

function of(prefix: string, info: (node: JobNode) => NodeTaskInfo | undefined): Properties<JobNode> {
  const read =
    (value: (info: NodeTaskInfo) => PropertyValue) =>
    (node: JobNode): PropertyValue => {
      const found = info(node);
      return found && value(found);
    };
  return {
    [`${prefix}/state`]: read(({ state }) => state),
    [`${prefix}/exitCode`]: read(({ exitCode }) => exitCode),
    [`${prefix}/startTime`]: read(({ startTime }) => ({ time: startTime })),
    [`${prefix}/endTime`]: read(({ endTime }) => (endTime === undefined ? undefined : { time: endTime })),
    [`${prefix}/result`]: read((found) => (found.state === 'completed' ? resultOf(found) : undefined)),
  };
}

const resultOf = (info: NodeTaskInfo): string => (succeeded(info) ? 'success' : 'failure');
