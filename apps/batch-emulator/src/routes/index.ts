import { ApplicationHandlers } from '../handlers/applications';
import { CertificateHandlers } from '../handlers/certificates';
import { AutoScaleHandlers } from '../handlers/autoscale';
import { FileHandlers } from '../handlers/files';
import { JobHandlers } from '../handlers/jobs';
import { NodeAccessHandlers } from '../handlers/node-access';
import { uploadServiceLogs } from '../handlers/node-logs';
import { NodeUserHandlers } from '../handlers/node-users';
import { NodeHandlers } from '../handlers/nodes';
import { PoolHandlers } from '../handlers/pools';
import { ScheduleHandlers } from '../handlers/schedules';
import { TaskHandlers } from '../handlers/tasks';
import { listUsageMetrics } from '../handlers/usage';
import type { Route } from '../http/route';
import type { Model } from '../model';
import type { NodeLayout } from '../nodes/node-layout';
import type { Notice } from '../schema/validate';
import { accountRoutes } from './account';
import { jobRoutes } from './jobs';
import { nodeRoutes } from './nodes';
import { poolRoutes } from './pools';
import { scheduleRoutes } from './schedules';
import { taskRoutes } from './tasks';

/** Every operation of the Batch data plane, in the order of the reference. */
export function createRoutes(model: Model, layout: NodeLayout, account: string, notice: Notice): Route[] {
  const files = new FileHandlers(model, layout);
  const pools = new PoolHandlers(model);
  const nodes = {
    nodes: new NodeHandlers(model),
    users: new NodeUserHandlers(model),
    access: new NodeAccessHandlers(model),
    uploadLogs: uploadServiceLogs(model, account),
    files,
  };
  return [
    ...poolRoutes(pools, new AutoScaleHandlers(model)),
    ...nodeRoutes(nodes),
    ...jobRoutes(new JobHandlers(model)),
    ...taskRoutes(new TaskHandlers(model, notice), files),
    ...scheduleRoutes(new ScheduleHandlers(model)),
    ...accountRoutes(pools, new ApplicationHandlers(model), new CertificateHandlers(model), listUsageMetrics(model)),
  ];
}
