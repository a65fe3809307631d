import { describeCertificates } from './certificates.suite';
import { describeConventions } from './conventions.suite';
import { describeFiles } from './files.suite';
import { describeJobs } from './jobs.suite';
import { describePools } from './pools.suite';
import { describeTasks } from './tasks.suite';
import type { Target } from './target';

/** The rules of Azure Batch that a service must keep, whoever implements it. */
export function describeBatchService(target: () => Target): void {
  describeConventions(target);
  describePools(target);
  describeJobs(target);
  describeTasks(target);
  describeFiles(target);
  describeCertificates(target);
}
