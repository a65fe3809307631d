import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type ExperimentKey,
  PROVISIONING_STATES,
  type ProvisioningState,
  type WorkspaceQuotas,
} from '@windrow/contract';
import type { NoteChange } from '../common/owner-note';
import { Dictionary, Nested } from '../common/validation/collections';
import { Int, Text } from '../common/validation/fields';
import { LabelsChange, TextChange } from '../common/validation/merge-fields';
import type { Urls } from '../http/urls';
import { labelComplaint } from '../jobs/dto/patterns';
import type { StoredPlace } from './places';
import { QuotasChange } from './quotas-change';

export class QuotasDto implements WorkspaceQuotas {
  @Int({ description: 'Nodes of all its clusters and pools together.', example: 100 }, 0, 1_000_000)
  nodes?: number;

  @Int({ description: 'Jobs that run at a time.', example: 20 }, 0, 1_000_000)
  concurrentJobs?: number;

  @Int({ description: 'Jobs that wait for one of those to end; further ones are refused.', example: 100 }, 0, 1_000_000)
  queuedJobs?: number;

  @Int({ description: 'File servers, by which its nodes are linked to storage.', example: 10 }, 0, 1_000_000)
  storageLinks?: number;
}

/** Nothing has to be said of a workspace or an experiment but its name. */
export class WorkspaceDto {
  static readonly bodyMayBeAbsent = true;

  @Text({ description: 'Title for people.', example: 'Aerodynamics' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;

  @Nested({ description: "What it may use at a time; what is absent is the deployment's default." }, () => QuotasDto)
  quotas?: QuotasDto;
}

export class ExperimentDto {
  static readonly bodyMayBeAbsent = true;

  @Text({ description: 'Title for people.', example: 'Blade profiles' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { season: '2027' } }, 50, labelComplaint)
  labels?: Record<string, string>;
}

export class WorkspaceChangeDto implements NoteChange {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'Aerodynamics' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;

  @QuotasChange({
    description: 'For administrators. Quotas to set, or by null to take away; they hold at once.',
    example: { concurrentJobs: 20, nodes: null },
  })
  quotas?: Record<string, number | null>;
}

export class ExperimentChangeDto implements NoteChange {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'Blade profiles' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away.', example: { season: '2027', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;
}

export const WORKSPACE_EXAMPLES = {
  'a name is enough': {},
  aero: { displayName: 'Aerodynamics', quotas: { nodes: 100 } },
};
export const EXPERIMENT_EXAMPLES = { 'a name is enough': {}, blades: { labels: { season: '2027' } } };
export const CHANGE_EXAMPLES = { 'another title, one label less': { displayName: 'Wind', labels: { old: null } } };

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

class PlaceView {
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Aerodynamics' }) displayName?: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { team: 'aero' } })
  labels!: Record<string, string>;
  @ApiProperty({
    description: '`deleting` until it is gone; `failed` when it could not be deleted: delete it again.',
    type: 'string',
    enum: PROVISIONING_STATES,
    example: 'succeeded',
  })
  provisioningState!: ProvisioningState;
  @ApiProperty(TIME) createdTime!: string;
  @ApiProperty(TIME) updatedTime!: string;
}

export class WorkspaceLinks {
  @ApiProperty() experiments!: string;
  @ApiProperty() clusters!: string;
  @ApiProperty() fileServers!: string;
}

export class WorkspaceView extends PlaceView {
  @ApiPropertyOptional({ type: QuotasDto }) quotas?: QuotasDto;
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ type: WorkspaceLinks }) links!: WorkspaceLinks;
}

export class WorkspaceList {
  @ApiProperty({ type: [WorkspaceView] }) value!: WorkspaceView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class ExperimentLinks {
  @ApiProperty() jobs!: string;
}

export class ExperimentView extends PlaceView {
  @ApiProperty({ example: 'blades' }) experiment!: string;
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ type: ExperimentLinks }) links!: ExperimentLinks;
}

export class ExperimentList {
  @ApiProperty({ type: [ExperimentView] }) value!: ExperimentView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export function mapWorkspace({ name, value: { specHash: _hash, ...place } }: StoredPlace, urls: Urls): WorkspaceView {
  const url = urls.workspace(name);
  const links = {
    experiments: `${url}/experiments`,
    clusters: `${url}/clusters`,
    fileServers: `${url}/fileServers`,
  };
  return { workspace: name, url, ...place, links };
}

export function mapExperiment(
  { workspace }: Pick<ExperimentKey, 'workspace'>,
  { name, value: { specHash: _hash, ...place } }: StoredPlace,
  urls: Urls,
): ExperimentView {
  const url = urls.experiment({ workspace, experiment: name });
  return { experiment: name, workspace, url, ...place, links: { jobs: `${url}/jobs` } };
}
