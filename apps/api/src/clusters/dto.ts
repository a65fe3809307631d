import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type ClusterRow,
  ClusterState,
  clusterWorkflowId,
  type NodeKind,
  type PoolTemplate,
  type ResizeRequest,
} from '@windrow/contract';
import type { NoteChange } from '../common/owner-note';
import { Dictionary, Nested } from '../common/validation/collections';
import { Int, Text } from '../common/validation/fields';
import { LabelsChange, TextChange } from '../common/validation/merge-fields';
import { publicPath } from '../http/action-path';
import type { Urls } from '../http/urls';
import { type PageOf, WaitingView } from '../jobs/dto/job.view';
import { labelComplaint } from '../jobs/dto/patterns';
import { PoolTemplateDto } from '../jobs/dto/pool.dto';

export class ClusterDto extends PoolTemplateDto {
  @Text({ description: 'Title for people.', example: 'Nodes for the wind team' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;
}

export class ResizeDto implements ResizeRequest {
  @Int({ description: 'Nodes kept even when idle.', example: 0, required: true }, 0, 10_000)
  min!: number;

  @Int({ description: 'Nodes at most.', example: 50, required: true }, 1, 10_000)
  max!: number;
}

export class NodesChangeDto {
  @Int({ description: 'Nodes kept even when idle.', example: 0 }, 0, 10_000)
  min?: number;

  @Int({ description: 'Nodes at most.', example: 50 }, 1, 10_000)
  max?: number;
}

export class ClusterChangeDto implements NoteChange {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'Nodes for the wind team' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;

  @Nested({ description: 'How many nodes it may have, as by `:resize`.' }, () => NodesChangeDto)
  nodes?: NodesChangeDto;
}

const wind: PoolTemplate & { displayName: string } = {
  displayName: 'Nodes for the wind team',
  vmSizes: ['Standard_D4s_v5', 'Standard_D4as_v5'],
  nodes: { min: 0, max: 20, spotPercent: 80 },
  slotsPerNode: 4,
  setupTask: { commandLine: "/bin/sh -c 'apt-get -y install gmsh'" },
};
export const CLUSTER_EXAMPLES = { wind, smallest: { vmSizes: ['Standard_D2s_v5'], nodes: { max: 2 } } };
export const CLUSTER_CHANGE_EXAMPLES = { grow: { nodes: { max: 50 } }, rename: { displayName: 'Wind and waves' } };
export const RESIZE_EXAMPLES = { grow: { min: 0, max: 50 } };

export class ClusterNodesView {
  @ApiProperty({ example: 10 }) target!: number;
  @ApiProperty({ example: 8 }) current!: number;
  @ApiProperty({ example: 8 }) usable!: number;
  @ApiProperty({ description: 'That did not start.', example: 0 }) failed!: number;
}

export class NodeKindView implements NodeKind {
  @ApiProperty({ description: 'Wanted of Batch.', example: 8 }) target!: number;
  @ApiProperty({ description: 'There; evicted nodes are not.', example: 7 }) current!: number;
}

export class NodeKindsView {
  @ApiProperty({ type: NodeKindView }) dedicated!: NodeKindView;
  @ApiProperty({ type: NodeKindView }) spot!: NodeKindView;
}

export class KickedView {
  @ApiProperty({ example: 2 }) times!: number;
  @ApiProperty({ example: 'has been resizing for longer than its time-out allows' }) reason!: string;
  @ApiProperty({ format: 'date-time' }) time!: string;
}

export class LeaseView {
  @ApiProperty({ example: 'wordcount' }) job!: string;
  @ApiProperty({ example: 40 }) slots!: number;
  @ApiProperty({ format: 'date-time' }) expires!: string;
}

export class QueuedView {
  @ApiProperty({ example: 'blades' }) job!: string;
  @ApiProperty({ example: 40 }) slots!: number;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

export class ClusterLinks {
  @ApiProperty({ description: 'To be called with POST.' }) resize!: string;
  @ApiPropertyOptional({ description: "The cluster's page in Temporal's web interface." }) temporal?: string;
}

export class ClusterView implements ClusterRow {
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ example: 'wind' }) cluster!: string;
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Nodes for the wind team' }) displayName?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { team: 'aero' } })
  labels?: Record<string, string>;
  @ApiProperty({ type: PoolTemplateDto }) template!: PoolTemplateDto;
  @ApiProperty({ type: 'string', enum: Object.values(ClusterState), example: 'steady' }) state!: ClusterState;
  @ApiProperty({ description: "Batch's pool; empty until there is one." }) poolId!: string;
  @ApiProperty({ description: 'The size chosen of those allowed.', example: 'Standard_D4s_v5' }) vmSize!: string;
  @ApiProperty({ type: ClusterNodesView }) nodes!: ClusterNodesView;
  @ApiPropertyOptional({ description: 'The same nodes by kind.', type: NodeKindsView }) kinds?: NodeKindsView;
  @ApiProperty({ description: 'Jobs that hold slots.', type: [LeaseView] }) leases!: LeaseView[];
  @ApiProperty({ description: 'Jobs that wait for slots.', type: [QueuedView] }) queued!: QueuedView[];
  @ApiPropertyOptional({ type: WaitingView }) waiting?: WaitingView;
  @ApiPropertyOptional({ description: 'When the pool stood still and was last pushed on.', type: KickedView })
  kicked?: KickedView;
  @ApiProperty({ format: 'date-time' }) createdTime!: string;
  @ApiProperty({ format: 'date-time' }) updatedTime!: string;
  @ApiProperty({ type: ClusterLinks }) links!: ClusterLinks;
}

export class ClusterList {
  @ApiProperty({ type: [ClusterView] }) value!: ClusterView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export function mapCluster(row: ClusterRow, urls: Urls, pageOf: PageOf): ClusterView {
  const url = urls.cluster(row);
  const temporal = pageOf(clusterWorkflowId(row));
  return { ...row, url, links: { resize: publicPath(`${url}/~resize`), ...(temporal ? { temporal } : {}) } };
}
