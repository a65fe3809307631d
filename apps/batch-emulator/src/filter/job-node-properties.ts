import { succeeded, type JobNode, type NodeTaskInfo } from '../model/jobs/job-node';
import { number, state, text, time, type Properties } from './evaluate';

/** Which properties a `$filter` on the status of job preparation and release tasks may name. */
export const jobNodeProperties: Properties<JobNode> = {
  poolId: text((node) => node.placement.poolId),
  nodeId: text((node) => node.placement.nodeId),
  ...of('jobPreparationTaskExecutionInfo', (node) => node.preparation),
  ...of('jobReleaseTaskExecutionInfo', (node) => node.release),
};

function of(prefix: string, info: (node: JobNode) => NodeTaskInfo | undefined): Properties<JobNode> {
  return {
    [`${prefix}/state`]: state((node) => info(node)?.state),
    [`${prefix}/exitCode`]: number((node) => info(node)?.exitCode),
    [`${prefix}/startTime`]: time((node) => info(node)?.startTime),
    [`${prefix}/endTime`]: time((node) => info(node)?.endTime),
    [`${prefix}/result`]: text((node) => {
      const found = info(node);
      return found?.state === 'completed' ? resultOf(found) : undefined;
    }),
  };
}

const resultOf = (info: NodeTaskInfo): string => (succeeded(info) ? 'success' : 'failure');
