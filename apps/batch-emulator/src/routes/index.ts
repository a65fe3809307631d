import { ApplicationHandlers } from '../handlers/applications';
import { CertificateHandlers } from '../handlers/certificates';
import { FileHandlers } from '../handlers/files';
import { JobHandlers } from '../handlers/jobs';
import { NodeHandlers } from '../handlers/nodes';
import { PoolHandlers } from '../handlers/pools';
import { TaskHandlers } from '../handlers/tasks';
import type { Route } from '../http/route';
import type { Model } from '../model';
import type { NodeLayout } from '../nodes/node-layout';
import { accountRoutes } from './account';
import { jobRoutes } from './jobs';
import { nodeRoutes } from './nodes';
import { poolRoutes } from './pools';
import { scheduleRoutes } from './schedules';
import { taskRoutes } from './tasks';

/** Every operation of the Batch data plane, in the order of the reference. */
export function createRoutes(model: Model, layout: NodeLayout): Route[] {
  const files = new FileHandlers(model, layout);
  const pools = new PoolHandlers(model);
  return [
    ...poolRoutes(pools),
    ...nodeRoutes(new NodeHandlers(model), files),
    ...jobRoutes(new JobHandlers(model)),
    ...taskRoutes(new TaskHandlers(model), files),
    ...scheduleRoutes(),
    ...accountRoutes(pools, new ApplicationHandlers(model), new CertificateHandlers(model)),
  ];
}
