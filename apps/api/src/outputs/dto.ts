import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ResultManifest } from '@windrow/contract';
import { Int } from '../common/validation/fields';
import { PageQuery } from '../http/page-query';
import { FailureGroupView } from '../jobs/dto/job.view';
import type { Artefact, OutputBlob } from './outputs.service';

const LINK_LIFE = { description: 'How long the links live.', default: 60, example: 60 };
const DEFAULT_MINUTES = 60;

export class LinkQuery {
  @Int(LINK_LIFE, 5, 600)
  linkExpiryMinutes?: number;
}

export class OutputListQuery extends PageQuery {
  @Int({ description: 'Only the outputs of this task.', example: 17 }, 0, 99_999_999)
  task?: number;

  @Int(LINK_LIFE, 5, 600)
  linkExpiryMinutes?: number;
}

export function linkMs({ linkExpiryMinutes = DEFAULT_MINUTES }: LinkQuery): number {
  return linkExpiryMinutes * 60_000;
}

export class OutputView implements OutputBlob {
  @ApiProperty({ example: 17 }) task!: number;
  @ApiProperty({ description: "Below the task's outputs.", example: 'counts.csv' }) path!: string;
  @ApiProperty({ example: 2048 }) bytes!: number;
  @ApiProperty({ format: 'date-time' }) lastModified!: string;
  @ApiProperty({ description: 'Reads the blob until it expires. Keep it to yourself.' }) url!: string;
}

export class OutputList {
  @ApiProperty({ type: [OutputView] }) value!: OutputView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class ManifestJobView {
  @ApiProperty() workspace!: string;
  @ApiProperty() experiment!: string;
  @ApiProperty() job!: string;
  @ApiProperty() uid!: string;
}

export class ManifestCountsView {
  @ApiProperty() total!: number;
  @ApiProperty() succeeded!: number;
  @ApiProperty() failed!: number;
  @ApiProperty() pending!: number;
}

export class ManifestFilesView {
  @ApiProperty({ type: [String] }) succeeded!: string[];
  @ApiProperty({ type: [String] }) failed!: string[];
  @ApiProperty({ type: [String] }) pending!: string[];
}

export class ManifestArtefactView {
  @ApiProperty({ example: 'counts.csv' }) name!: string;
  @ApiProperty({ example: 2048 }) bytes!: number;
}

export class ManifestResultsView {
  @ApiProperty({ example: 998 }) carried!: number;
  @ApiProperty({ example: 2 }) omitted!: number;
}

export class ManifestView implements ResultManifest {
  @ApiProperty({ type: ManifestJobView }) job!: ManifestJobView;
  @ApiProperty({ enum: ['succeeded', 'failed', 'cancelled'], example: 'succeeded' })
  outcome!: ResultManifest['outcome'];
  @ApiProperty({ type: ManifestCountsView }) counts!: ManifestCountsView;
  @ApiProperty({ description: "Blobs in the workspace's container.", type: ManifestFilesView })
  files!: ManifestFilesView;
  @ApiPropertyOptional({
    description:
      "Of jobs with `task.resultFile`: how many tasks' results stand in the files, and how many were missing, no JSON, or too large.",
    type: ManifestResultsView,
  })
  results?: ManifestResultsView;
  @ApiProperty({ type: [ManifestArtefactView] }) artefacts!: ManifestArtefactView[];
  @ApiProperty({ type: [FailureGroupView] }) failures!: FailureGroupView[];
  @ApiProperty({ format: 'date-time' }) createdTime!: string;
}

export class ArtefactView implements Artefact {
  @ApiProperty({ example: 'counts.csv' }) name!: string;
  @ApiProperty({ example: 2048 }) bytes!: number;
  @ApiProperty({ description: 'Reads the blob until it expires.' }) url!: string;
}

export class ResultsView {
  @ApiProperty({ type: ManifestView }) manifest!: ManifestView;
  @ApiProperty() manifestUrl!: string;
  @ApiProperty({ description: 'The gathered artefacts.', type: [ArtefactView] }) artefacts!: ArtefactView[];
}
