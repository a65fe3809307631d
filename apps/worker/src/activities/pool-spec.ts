/** The Batch pool behind a cluster: what is sent on create. */
import type { ApplicationPackageReference, BatchPoolCreateOptions, StartTask } from '@windrow/batch';
import type { LinkMinter } from '@windrow/storage';
import type { ClusterInput, Download, PoolTemplate, ProgramSource } from '@windrow/contract';
import { DEFAULT_IMAGE, OWNER, ResourceTag, isApplication, slotsPerNode } from '@windrow/contract';

/** Links of a setup task serve nodes that join later; they are renewed with each resize. Milliseconds. */
const SETUP_LINK_MS = 6 * 24 * 3_600_000;
const EPHEMERAL_LIFE_MS = 8 * 24 * 3_600_000;

export interface NodeTargets {
  targetDedicatedNodes: number;
  targetLowPriorityNodes: number;
}

/** Spot nodes first: their share of the target is rounded up. */
export function splitNodes(target: number, spotPercent = 0): NodeTargets {
  const targetLowPriorityNodes = Math.ceil((target * spotPercent) / 100);
  return { targetDedicatedNodes: target - targetLowPriorityNodes, targetLowPriorityNodes };
}

/** What Batch itself brings to nodes, of the sources of a program; undefined for none. */
export function packageReferences(program: ProgramSource[] = []): ApplicationPackageReference[] | undefined {
  const references = program.filter(isApplication).map(({ application, version }) => ({
    applicationId: application,
    ...(version !== undefined && { version }),
  }));
  return references.length > 0 ? references : undefined;
}

export function poolBody(
  input: ClusterInput,
  template: PoolTemplate,
  pool: { id: string; vmSize: number; target: number; workflowId: string; deployment: string; startTask?: StartTask },
): BatchPoolCreateOptions {
  const image = template.image ?? DEFAULT_IMAGE;
  const packages = packageReferences(template.setupTask?.program);
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
      ...(template.containerImages && {
        containerConfiguration: { type: 'dockerCompatible', containerImageNames: template.containerImages },
      }),
    },
    ...splitNodes(pool.target, template.nodes.spotPercent),
    taskSlotsPerNode: slotsPerNode(template),
    taskSchedulingPolicy: { nodeFillType: 'spread' },
    ...(template.interNodeCommunication && { enableInterNodeCommunication: true }),
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

export async function startTaskOf(
  links: LinkMinter,
  template: PoolTemplate,
  program: Download[],
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
    commandLine: setup.commandLine,
    resourceFiles,
    environmentSettings: Object.entries(setup.environment ?? {}).map(([name, value]) => ({ name, value })),
    maxTaskRetryCount: setup.retries ?? 0,
    waitForSuccess: true,
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
  };
}
