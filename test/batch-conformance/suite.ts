import { describeAutoScale } from './autoscale.suite';
import { describeConventions } from './conventions.suite';
import { describeFiles } from './files.suite';
import { describeJobs } from './jobs.suite';
import { describeNodeAccess } from './node-access.suite';
import { describeNodes } from './nodes.suite';
import { describePools } from './pools.suite';
import { describeResize } from './resize.suite';
import { describeStatistics } from './statistics.suite';
import { describeTasks } from './tasks.suite';
import type { Target } from './target';

/** The rules of Azure Batch that a service must keep, whoever implements it. */
export function describeBatchService(target: () => Target): void {
  describeConventions(target);
  describePools(target);
  describeAutoScale(target);
  describeNodes(target);
  describeNodeAccess(target);
  describeResize(target);
  describeStatistics(target);
  describeJobs(target);
  describeTasks(target);
  describeFiles(target);
}
