/** The Batch pool behind a cluster: what is sent on create. */
import type { BatchPoolCreateOptions, MountConfiguration, StartTask } from '@windrow/batch';
import type { LinkMinter } from '@windrow/storage';
import type { ClusterInput, Download, PoolTemplate, ProgramPackage } from '@windrow/contract';
import { DEFAULT_AUTOSCALE_INTERVAL, imageOf, OWNER, ResourceTag, slotsPerNode } from '@windrow/contract';
import { packageCommandLine } from './command-line';
import { packageReferences } from './packages';
import type { NodeTargets, SizeInput } from './pool-types';

/** Links of a setup task serve nodes that join later; they are renewed with each resize. Milliseconds. */
const SETUP_LINK_MS = 6 * 24 * 3_600_000;
const EPHEMERAL_LIFE_MS = 8 * 24 * 3_600_000;

export function poolBody(
  input: ClusterInput,
  template: PoolTemplate,
  pool: Pick<SizeInput, 'vmSize' | 'targets' | 'workflowId'> & {
    id: string;
    deployment: string;
    startTask?: StartTask;
    mounts?: MountConfiguration[] | undefined;
    packages?: ProgramPackage[];
  },
): BatchPoolCreateOptions {
  const image = imageOf(template);
  const containerImageNames = template.containerImages ?? [];
  const packages = packageReferences(pool.packages ?? []);
  return {
    id: pool.id,
    displayName: input.ephemeral ? `pool of job ${input.uid}` : `cluster ${input.cluster}`,
    vmSize: template.vmSizes[pool.vmSize]!,
    virtualMachineConfiguration: {
      imageReference: {
        publisher: image.publisher,
        offer: image.offer,
        sku: image.sku,
        version: image.version ?? 'latest',
      },
      nodeAgentSKUId: image.nodeAgentSkuId,
      ...(containerImageNames.length > 0 && {
        containerConfiguration: { type: 'dockerCompatible' as const, containerImageNames },
      }),
    },
    ...(pool.targets === 'formula' ? { enableAutoScale: true, ...formulaOf(template) } : wireTargets(pool.targets)),
    ...(template.interNodeCommunication && { enableInterNodeCommunication: true }),
    taskSlotsPerNode: slotsPerNode(template),
    taskSchedulingPolicy: { nodeFillType: 'spread' },
    ...(pool.mounts && { mountConfiguration: pool.mounts }),
    ...(packages && { applicationPackageReferences: packages }),
    ...(pool.startTask && { startTask: pool.startTask }),
    metadata: [
      { name: ResourceTag.owner, value: OWNER },
      { name: ResourceTag.workspace, value: input.workspace },
      { name: ResourceTag.workflowId, value: pool.workflowId },
      { name: ResourceTag.deployment, value: pool.deployment },
      ...(input.keepPool ? [{ name: ResourceTag.keep, value: 'true' }] : []),
      ...(input.ephemeral
        ? [
            { name: ResourceTag.jobUid, value: input.uid },
            {
              name: ResourceTag.expires,
              value: new Date(Date.parse(input.createdTime) + EPHEMERAL_LIFE_MS).toISOString(),
            },
          ]
        : []),
    ],
  };
}

export function wireTargets({ dedicated, spot }: NodeTargets) {
  return { targetDedicatedNodes: dedicated, targetLowPriorityNodes: spot };
}

export function formulaOf({ autoscaleFormula = '', autoscaleInterval = DEFAULT_AUTOSCALE_INTERVAL }: PoolTemplate) {
  return { autoScaleFormula: autoscaleFormula, autoScaleEvaluationInterval: autoscaleInterval };
}

export async function startTaskOf(
  links: LinkMinter,
  template: PoolTemplate,
  program: Download[],
  packages: ProgramPackage[],
): Promise<StartTask | undefined> {
  const setup = template.setupTask;
  if (!setup) return undefined;
  const resourceFiles = await Promise.all(
    program.map(async (file) => ({
      httpUrl: await links.blobUrl(file.container, file.blob, { read: true }, SETUP_LINK_MS),
      filePath: file.path,
    })),
  );
  return {
    commandLine: packageCommandLine(setup.commandLine, packages),
    resourceFiles,
    environmentSettings: Object.entries(setup.environment ?? {}).map(([name, value]) => ({ name, value })),
    maxTaskRetryCount: setup.retries ?? 0,
    waitForSuccess: true,
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
  };
}
