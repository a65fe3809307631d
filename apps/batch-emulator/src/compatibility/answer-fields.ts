import { absent, field, model, partial, type ModelEntry } from './entry';

const NODE = 'node-access: shows what a node is before and after its first boot';

/** Properties of answers that are not what the service would answer; all others are. */
export const ANSWER_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchPool BatchJob BatchJobSchedule BatchTask',
    field(
      'stats',
      partial(
        'processors, memory, disks and networks are not measured and shown as zero',
        'statistics: of %s come only when they are asked for',
        'statistics: of a job schedule add up its jobs',
      ),
    ),
  ),
  model(
    'BatchPool',
    field(
      'currentNodeCommunicationMode',
      partial(
        'always classic',
        'resize: updateproperties removes what is left out, and shows the communication mode from then on',
      ),
    ),
  ),
  model(
    'BatchNode',
    field('ipAddress nodeAgentInfo virtualMachineInfo endpointConfiguration', partial('made up', NODE)),
    field('ipv6Address', absent('there are only addresses of IPv4')),
  ),
  model(
    'BatchTaskExecutionInfo BatchStartTaskInfo BatchSubtask',
    field('containerInfo', absent('containers are removed when they end')),
  ),
];
