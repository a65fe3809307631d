import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type AzureFilesSource,
  type BlobContainerSource,
  type FileServer,
  type FileServerKey,
  type FileServerSource,
  type NfsSource,
  PROVISIONING_STATES,
  type ProvisioningState,
} from '@windrow/contract';
import type { NoteChange } from '../common/owner-note';
import { Dictionary, Nested } from '../common/validation/collections';
import { Flag, Text } from '../common/validation/fields';
import { LabelsChange, TextChange } from '../common/validation/merge-fields';
import type { Urls } from '../http/urls';
import { CONTAINER, labelComplaint, ONE_LINE } from '../jobs/dto/patterns';
import type { StoredPlace } from '../places/places';

const SECRET = 'https://team.vault.azure.net/secrets/storage-key';
const ACCOUNT = { min: 3, max: 24, pattern: /^[a-z0-9]{3,24}$/, form: 'the name of a storage account' };

export class BlobContainerDto implements BlobContainerSource {
  @Text({ description: 'Name of the container.', example: 'shared-data', required: true }, CONTAINER)
  container!: string;

  @Text({ description: "Another storage account than this deployment's.", example: 'teamdata' }, ACCOUNT)
  accountName?: string;

  @Flag({ description: "Make the container when there is none; in this deployment's account.", default: false })
  create?: boolean;

  @Text({ description: 'Key Vault secret with the key, or a SAS, of another account.', example: SECRET })
  keyVaultSecret?: string;
}

export class AzureFilesDto implements AzureFilesSource {
  @Text({
    description: 'URL of the share, which must be there.',
    example: 'https://teamdata.file.core.windows.net/models',
    required: true,
  })
  shareUrl!: string;

  @Text({ description: "Key Vault secret with the account's key.", example: SECRET, required: true })
  keyVaultSecret!: string;
}

export class NfsDto implements NfsSource {
  @Text(
    { description: 'Host and export, which nodes can reach.', example: '10.0.0.4:/export/data', required: true },
    { pattern: /^[A-Za-z0-9.-]+:\/[A-Za-z0-9._/-]*$/, form: 'host:/export' },
  )
  source!: string;
}

export class FileServerDto implements FileServerSource {
  @Text({ description: 'Title for people.', example: 'Models' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;

  @Nested({ description: 'A Blob container, mounted by blobfuse.' }, () => BlobContainerDto)
  blobContainer?: BlobContainerDto;

  @Nested({ description: 'A share of Azure Files.' }, () => AzureFilesDto)
  azureFiles?: AzureFilesDto;

  @Nested({ description: 'An NFS export.' }, () => NfsDto)
  nfs?: NfsDto;

  @Text({ description: 'Options of every mount that names none of its own.', example: '-o ro' }, ONE_LINE)
  mountOptions?: string;
}

export class FileServerChangeDto implements NoteChange {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'Models' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;
}

export const FILE_SERVER_EXAMPLES = {
  container: { displayName: 'Models', blobContainer: { container: 'shared-data', create: true } },
  share: {
    azureFiles: { shareUrl: 'https://teamdata.file.core.windows.net/models', keyVaultSecret: SECRET },
  },
  export: { nfs: { source: '10.0.0.4:/export/data' }, mountOptions: '-o vers=4,minorversion=1,sec=sys' },
};
export const FILE_SERVER_CHANGE_EXAMPLES = { 'another title': { displayName: 'Old models' } };

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

export class FileServerView implements FileServerSource {
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiProperty({ example: 'data' }) fileServer!: string;
  @ApiProperty() url!: string;
  @ApiPropertyOptional({ example: 'Models' }) displayName?: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { team: 'aero' } })
  labels!: Record<string, string>;
  @ApiPropertyOptional({ type: BlobContainerDto }) blobContainer?: BlobContainerDto;
  @ApiPropertyOptional({ type: AzureFilesDto }) azureFiles?: AzureFilesDto;
  @ApiPropertyOptional({ type: NfsDto }) nfs?: NfsDto;
  @ApiPropertyOptional({ example: '-o ro' }) mountOptions?: string;
  @ApiProperty({ type: 'string', enum: PROVISIONING_STATES, example: 'succeeded' })
  provisioningState!: ProvisioningState;
  @ApiProperty(TIME) createdTime!: string;
  @ApiProperty(TIME) updatedTime!: string;
}

export class FileServerList {
  @ApiProperty({ type: [FileServerView] }) value!: FileServerView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export function mapFileServer(
  { workspace }: Pick<FileServerKey, 'workspace'>,
  { name, value: { specHash: _hash, ...server } }: StoredPlace<FileServer>,
  urls: Urls,
): FileServerView {
  const key = { workspace, fileServer: name };
  return { ...key, url: urls.fileServer(key), ...server };
}
