import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type Application,
  type ApplicationKey,
  packageVariables,
  PROVISIONING_STATES,
  type ProvisioningState,
  VERSION_STATES,
  type VersionState,
} from '@windrow/contract';
import { Dictionary } from '../common/validation/collections';
import { Text } from '../common/validation/fields';
import { LabelsChange, TextChange } from '../common/validation/merge-fields';
import type { Urls } from '../http/urls';
import { labelComplaint } from '../jobs/dto/patterns';
import type { StoredPlace } from '../places/places';
import type { ApplicationChange } from './applications.service';
import type { StoredVersion, Upload } from './versions.service';

export class ApplicationDto {
  /** All of it is optional. */
  static readonly bodyMayBeAbsent = true;

  @Text({ description: 'Title for people.', example: 'Panel solver' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;
}

export class ApplicationChangeDto implements ApplicationChange {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'Panel solver' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;

  @TextChange({
    description: 'Active version that jobs get when they name none; null: they have to name one.',
    example: '1.2',
  })
  defaultVersion?: string | null;
}

export const APPLICATION_EXAMPLES = { plain: {}, titled: { displayName: 'Panel solver', labels: { team: 'aero' } } };
export const APPLICATION_CHANGE_EXAMPLES = { 'another default': { defaultVersion: '1.2' } };

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

export class ApplicationView {
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ example: 'solver' }) application!: string;
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Panel solver' }) displayName?: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { team: 'aero' } })
  labels!: Record<string, string>;
  @ApiPropertyOptional({ example: '1.2' }) defaultVersion?: string;
  @ApiProperty({ description: 'Its id in the Batch account.', example: 'windrow_aero_solver_0f3c9a7be210' })
  batchApplication!: string;
  @ApiProperty({ type: 'string', enum: PROVISIONING_STATES, example: 'succeeded' })
  provisioningState!: ProvisioningState;
  @ApiProperty(TIME) createdTime!: string;
  @ApiProperty(TIME) updatedTime!: string;
}

export class ApplicationList {
  @ApiProperty({ type: [ApplicationView] }) value!: ApplicationView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class VersionView {
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ example: 'solver' }) application!: string;
  @ApiProperty({ example: '1.2' }) version!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ type: 'string', enum: VERSION_STATES, example: 'active' }) state!: VersionState;
  @ApiProperty({ description: 'Whether jobs get it that name no version.', example: false }) isDefault!: boolean;
  @ApiProperty({
    description: "Environment variables of tasks that hold the package's folder.",
    example: ['AZ_BATCH_APP_PACKAGE_solver_1_2'],
  })
  variables!: string[];
  @ApiProperty(TIME) createdTime!: string;
  @ApiPropertyOptional(TIME) activatedTime?: string;
  @ApiPropertyOptional({
    description:
      'Of a pending version, in the answer to PUT only: PUT the zip archive here, with the header x-ms-blob-type: BlockBlob. Whoever has the link can write.',
    format: 'uri',
  })
  uploadUrl?: string;
  @ApiPropertyOptional(TIME) uploadUrlExpiry?: string;
}

export class VersionList {
  @ApiProperty({ type: [VersionView] }) value!: VersionView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export function mapApplication(
  workspace: string,
  { name, value: { specHash: _hash, ...application } }: StoredPlace<Application>,
  urls: Urls,
): ApplicationView {
  const key = { workspace, application: name };
  return { ...key, url: urls.application(key), ...application };
}

/** `defaultVersion`: of the application. */
export function mapVersion(
  key: ApplicationKey,
  { value }: StoredVersion,
  defaultVersion: string | undefined,
  urls: Urls,
  upload?: Upload,
): VersionView {
  const { workspace, application } = key;
  const { version, ...rest } = value;
  const isDefault = version === defaultVersion;
  return {
    ...{ workspace, application, version, url: urls.applicationVersion({ ...key, version }), ...rest, isDefault },
    variables: packageVariables({ application, version }, isDefault),
    ...upload,
  };
}
