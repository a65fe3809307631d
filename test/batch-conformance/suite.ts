import { describeAutoScale } from './autoscale.suite';
import { describeCertificates } from './certificates.suite';
import { describeConventions } from './conventions.suite';
import { describeDependencies } from './dependencies.suite';
import { describeFiles } from './files.suite';
import { describeJobManagers } from './job-manager.suite';
import { describeJobTasks } from './job-tasks.suite';
import { describeJobs } from './jobs.suite';
import { describeMultiInstance } from './multi-instance.suite';
import { describeNodeAccess } from './node-access.suite';
import { describeNodeFiles } from './node-files.suite';
import { describePlacement } from './placement.suite';
import { describePools } from './pools.suite';
import { describeSchedules } from './schedules.suite';
import { describeNodes } from './nodes.suite';
import { describeResize } from './resize.suite';
import { describeRetention } from './retention.suite';
import { describeStatistics } from './statistics.suite';
import { describeTaskBodies } from './task-bodies.suite';
import { describeTasks } from './tasks.suite';
import type { Target } from './target';
import { describeVersions } from './versions.suite';

/** The rules of Azure Batch that a service must keep, whoever implements it. */
export function describeBatchService(target: () => Target): void {
  describeConventions(target);
  describeVersions(target);
  describePools(target);
  describeAutoScale(target);
  describeNodes(target);
  describeNodeAccess(target);
  describeResize(target);
  describePlacement(target);
  describeStatistics(target);
  describeJobs(target);
  describeTasks(target);
  describeTaskBodies(target);
  describeDependencies(target);
  describeMultiInstance(target);
  describeRetention(target);
  describe('tasks of the job itself', () => {
    describeJobTasks(target);
    describeJobManagers(target);
  });
  describeFiles(target);
  describeNodeFiles(target);
  describeSchedules(target);
  describeCertificates(target);
}
