import type { ClusterRow } from '@windrow/contract';
import { state } from '../output/style';
import type { Column } from '../output/table';
import { ago } from '../output/words';
import type { Context } from '../context';
import type { Kind, Resource } from './kind';
import { noteSecret } from './webhooks';

const name = (field: string): Column<Resource> => ({ title: 'Name', value: (row) => text(row[field]) });
const title: Column<Resource> = { title: 'Title', value: ({ displayName }) => displayName };
const labels: Column<Resource> = {
  title: 'Labels',
  value: (row) =>
    Object.entries(row.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
};
const created = ({ io }: Context): Column<Resource> => ({
  title: 'Created',
  value: ({ createdTime }) => ago(createdTime, io.now()),
});
const stateOf = ({ out }: Context): Column<Resource> => ({
  title: 'State',
  value: (row) => row.state ?? row.provisioningState,
  paint: (is) => state(out.style, is),
});

const cluster = (read: (row: ClusterRow) => string | number | undefined) => (row: Resource) =>
  read(row as unknown as ClusterRow);

export const KINDS: readonly Kind[] = [
  {
    plural: 'clusters',
    singular: 'cluster',
    nameField: 'cluster',
    path: ({ scope }) => scope.inWorkspace('clusters', { flat: true }),
    // Those of `az batchai cluster list`, as far as they are ours.
    columns: (context) => [
      name('cluster'),
      { title: 'VM size', value: cluster(({ vmSize, template }) => vmSize || template.vmSizes[0]) },
      stateOf(context),
      { title: 'Wanted', value: cluster(({ nodes }) => nodes.target), right: true },
      { title: 'Nodes', value: cluster(({ nodes }) => nodes.current), right: true },
      { title: 'Usable', value: cluster(({ nodes }) => nodes.usable), right: true },
      { title: 'Failed', value: cluster(({ nodes }) => nodes.failed), right: true },
      { title: 'Jobs', value: cluster(({ leases }) => leases.length), right: true },
      { title: 'Queued', value: cluster(({ queued }) => queued.length), right: true },
      { title: 'Waits', value: cluster(({ waiting }) => waiting?.message) },
    ],
    loses: 'with its nodes',
    createExample: 'clusters create wind --set vmSizes=[Standard_D4s_v5] --set nodes.max=20 --set slotsPerNode=4',
    updateExample: 'clusters update wind --label team=aero',
  },
  {
    plural: 'workspaces',
    singular: 'workspace',
    nameField: 'workspace',
    path: async () => '/v1/workspaces',
    columns: (context) => [name('workspace'), title, stateOf(context), labels, created(context)],
    loses: 'with everything in it: clusters, experiments, jobs with their outputs',
    createExample: 'workspaces create aero --display-name "Aerodynamics"',
    updateExample: 'workspaces update aero --label team=wind',
  },
  {
    plural: 'experiments',
    singular: 'experiment',
    nameField: 'experiment',
    path: ({ scope }) => scope.inWorkspace('experiments'),
    columns: (context) => [name('experiment'), title, stateOf(context), labels, created(context)],
    loses: 'with all its jobs and their outputs',
    createExample: 'experiments create blades -w aero',
    updateExample: 'experiments update blades -w aero --display-name "Blades, second try"',
  },
  {
    plural: 'schedules',
    singular: 'schedule',
    nameField: 'schedule',
    path: ({ scope }) => scope.inWorkspace('schedules'),
    columns: (context) => [
      name('schedule'),
      {
        title: 'State',
        value: scheduleState,
      },
      { title: 'Next', value: (row) => text((row['next'] as unknown[] | undefined)?.[0]) },
      title,
      created(context),
    ],
    loses: '; its jobs stay',
    createExample: 'schedules create nightly --file schedule.yaml',
    updateExample: 'schedules update nightly --set displayName=Nightly',
  },
  {
    plural: 'file-servers',
    singular: 'file server',
    nameField: 'fileServer',
    path: ({ scope }) => scope.inWorkspace('fileServers', { flat: true }),
    columns: (context) => [
      name('fileServer'),
      stateOf(context),
      { title: 'What', value: whatOf },
      title,
      created(context),
    ],
    loses: '; what is on it stays',
    createExample: 'file-servers create data --set blobContainer.container=shared-data --set blobContainer.create=true',
    updateExample: 'file-servers update data --label team=aero',
  },
  {
    plural: 'applications',
    singular: 'application',
    nameField: 'application',
    path: ({ scope }) => scope.inWorkspace('applications', { flat: true }),
    columns: (context) => [
      name('application'),
      stateOf(context),
      { title: 'Default', value: (row) => text(row['defaultVersion']) },
      title,
      created(context),
    ],
    loses: 'with all its versions',
    createExample: 'applications create solver --display-name "Panel solver"',
    updateExample: 'applications update solver --set defaultVersion=\'"1.2"\'',
  },
  {
    plural: 'webhooks',
    singular: 'webhook',
    nameField: 'name',
    argument: 'webhook',
    path: ({ scope }) => scope.inWorkspace('webhooks'),
    columns: (context) => [
      name('name'),
      { title: 'State', value: ({ disabled }) => (disabled === true ? 'disabled' : 'active') },
      { title: 'Events', value: ({ events }) => (Array.isArray(events) ? events.join(', ') : '') },
      { title: 'To', value: ({ url }) => url },
      title,
      created(context),
    ],
    loses: '; what waits to be delivered is not',
    createExample: 'webhooks create on-call --set url=https://example.com/windrow --set events=[job.failed]',
    updateExample: 'webhooks update on-call --set disabled=false',
    created: (context, { secret }) => {
      if (secret !== undefined) noteSecret(context);
    },
  },
];

/** That of its provisioning says nothing to who asks whether it runs. */
function scheduleState({ paused, provisioningState }: Resource): string | undefined {
  if (provisioningState !== 'succeeded') return provisioningState;
  return paused === true ? 'paused' : 'active';
}

/** What a file server stands for. */
function whatOf({ blobContainer, azureFiles, nfs }: Resource): string | undefined {
  const { container } = (blobContainer ?? {}) as { container?: string };
  const { shareUrl } = (azureFiles ?? {}) as { shareUrl?: string };
  const { source } = (nfs ?? {}) as { source?: string };
  return container === undefined ? (shareUrl ?? source) : `container ${container}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
