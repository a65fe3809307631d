import { type ClusterReference, type ImageSpec, MAX_MOUNTS, type MountSpec } from '@windrow/contract';
import type { NodesSpec, PoolTemplate } from '@windrow/contract';
import { Dictionary, Nested, NestedList, TextList } from '../../common/validation/collections';
import { Choice, Duration, Flag, Int, Text } from '../../common/validation/fields';
import { MOUNT_PATH, NAME, ONE_LINE, variableComplaint } from './patterns';
import { type ApplicationReferenceDto, COMMAND_LINE, MAX_SLOTS, Program, type ProgramSourceDto } from './task.dto';

const MAX_NODES = 10_000;

export class ClusterReferenceDto implements ClusterReference {
  @Text({ description: 'Name of a cluster of the same workspace.', example: 'wind', required: true }, NAME)
  cluster!: string;
}

export class NodesDto implements NodesSpec {
  @Int({ description: 'Nodes kept even when idle.', default: 0 }, 0, MAX_NODES)
  min?: number;

  @Int({ description: 'Nodes at most.', example: 20, required: true }, 1, MAX_NODES)
  max!: number;

  @Int({ description: 'Share of spot nodes, in percent.', default: 0 }, 0, 100)
  spotPercent?: number;

  @Choice(
    {
      description:
        'Where spot nodes cannot be had for a while: wait for them, or take dedicated ones until they can be had again.',
      default: 'wait',
    },
    ['wait', 'dedicated'],
  )
  spotFallback?: 'wait' | 'dedicated';
}

export class ImageDto implements ImageSpec {
  @Text({ description: 'Publisher of the image.', example: 'canonical', required: true })
  publisher!: string;

  @Text({ description: 'Offer.', example: '0001-com-ubuntu-server-jammy', required: true })
  offer!: string;

  @Text({ description: 'Stock-keeping unit.', example: '22_04-lts', required: true })
  sku!: string;

  @Text({ description: 'Version.', default: 'latest' })
  version?: string;

  @Text({ description: "Batch's node agent for it.", example: 'batch.node.ubuntu 22.04', required: true })
  nodeAgentSkuId!: string;
}

export class SetupTaskDto {
  @Text(
    { description: 'Runs on each node before its first task.', example: 'apt-get -y install gmsh', required: true },
    COMMAND_LINE,
  )
  commandLine!: string;

  @Program('Files brought to the node before it runs: blobs, or application packages.')
  program?: (ProgramSourceDto | ApplicationReferenceDto)[];

  @Dictionary({ description: 'Environment variables.' }, 100, variableComplaint)
  environment?: Record<string, string>;

  @Int({ description: 'Retries after a non-zero exit code.', default: 0 }, 0, 10)
  retries?: number;
}

export class MountDto implements MountSpec {
  @Text({ description: 'Name of a file server of the same workspace.', example: 'data', required: true }, NAME)
  fileServer!: string;

  @Text(
    {
      description: 'Folder of the mount: tasks find it as `$AZ_BATCH_NODE_MOUNTS_DIR/{path}`.',
      example: 'data',
      required: true,
    },
    MOUNT_PATH,
  )
  path!: string;

  @Text({ description: 'Options of the mount, instead of those of the file server.', example: '-o ro' }, ONE_LINE)
  options?: string;
}

export class PoolTemplateDto implements PoolTemplate {
  @VmSizes(true)
  vmSizes!: string[];

  @Nested({ description: 'Image of the nodes (default: Ubuntu 22.04).' }, () => ImageDto)
  image?: ImageDto;

  @Nested({ description: 'How many nodes.', required: true }, () => NodesDto)
  nodes!: NodesDto;

  @SlotsPerNode()
  slotsPerNode?: number;

  @Text(
    {
      description:
        'Azure Batch autoscale formula. It sizes the pool instead of Windrow; `nodes` then only bounds what is leased.',
      example: '$TargetDedicatedNodes = min(10, $PendingTasks.GetSample(1));',
    },
    { max: 8192 },
  )
  autoscaleFormula?: string;

  @Duration({ description: 'Time between two evaluations of the formula, PT5M to PT168H.', default: 'PT15M' })
  autoscaleInterval?: string;

  @Duration({ description: 'How long a cluster without jobs keeps its nodes above the minimum.', default: 'PT5M' })
  idleTimeout?: string;

  @TextList(
    {
      description: "Container images that nodes fetch when they start. A job's own pool gets that of its task.",
      example: ['python:3.12-slim'],
    },
    { min: 1, max: 50 },
  )
  containerImages?: string[];

  @Flag({ description: 'Nodes can talk to each other, as multi-instance tasks need it.', default: false })
  interNodeCommunication?: boolean;

  @NestedList({ description: 'File servers that every node mounts.' }, () => MountDto, { max: MAX_MOUNTS })
  mounts?: MountDto[];

  @Nested({ description: 'Prepares each node.' }, () => SetupTaskDto)
  setupTask?: SetupTaskDto;
}

export function VmSizes(required: boolean): PropertyDecorator {
  const description = 'Ordered: the next one is tried when the one before has no quota or capacity.';
  return TextList(
    { description, example: ['Standard_D4s_v5', 'Standard_D4as_v5'], required },
    { min: 1, max: 10 },
    (size) => (/^[A-Za-z0-9_-]{1,64}$/.test(size) ? undefined : 'must be the name of a VM size'),
  );
}

export function SlotsPerNode(): PropertyDecorator {
  const description = 'Tasks (of one slot) that run side by side on a node.';
  return Int({ description, default: 1 }, 1, MAX_SLOTS);
}
