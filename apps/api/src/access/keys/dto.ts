import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { WORKSPACE_PATTERN } from '@windrow/contract';
import { Dictionary } from '../../common/validation/collections';
import { Choice, Flag, Text, Time } from '../../common/validation/fields';
import { type Role, ROLES } from '../principal';

const EXPIRES = 'When it ends, at most 365 days from now. Default: in 90 days.';

/** A key of one workspace. */
export class WorkspaceKeyDto {
  @Text({ description: 'What it is for.', example: 'Nightly run', required: true }, { max: 200 })
  displayName!: string;

  @Time({ description: EXPIRES })
  expiresTime?: string;

  @Choice({ description: 'What it may do in the workspace.', example: 'contributor', required: true }, ROLES)
  role!: Role;
}

export class ApiKeyDto {
  @Text({ description: 'What it is for.', example: 'Nightly run', required: true }, { max: 200 })
  displayName!: string;

  @Time({ description: EXPIRES })
  expiresTime?: string;

  @Flag({ description: 'May do everything everywhere.', default: false })
  administrator?: boolean;

  @Dictionary(
    { description: `Role by workspace: ${ROLES.join(', ')}.`, example: { aero: 'contributor' } },
    100,
    (name) => (WORKSPACE_PATTERN.test(name) ? undefined : 'must be a name of a workspace'),
  )
  roles?: Record<string, string>;
}

export const API_KEY_EXAMPLES = {
  oneWorkspace: { displayName: 'Nightly run', roles: { aero: 'contributor' } },
  administrator: { displayName: 'Operations', administrator: true },
};
export const WORKSPACE_KEY_EXAMPLES = { contributor: { displayName: 'Nightly run', role: 'contributor' } };

export class ApiKeyView {
  @ApiProperty({ description: 'Names it; no secret.', example: '3f9c2k7v0d5m8x1q' }) id!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ example: 'Nightly run' }) displayName!: string;
  @ApiProperty({ example: false }) administrator!: boolean;
  @ApiProperty({
    description: 'Role by workspace.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { aero: 'contributor' },
  })
  roles!: Record<string, Role>;
  @ApiProperty({ description: 'Principal that made it.', example: 'apiKey:admin' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) createdTime!: string;
  @ApiProperty({ format: 'date-time' }) expiresTime!: string;
  @ApiPropertyOptional({ description: 'To the hour.', format: 'date-time' }) lastUsedTime?: string;
}

export class NewApiKeyView extends ApiKeyView {
  @ApiProperty({
    description: 'The key itself. It is shown here and never again.',
    example: 'wdr_3f9c2k7v0d5m8x1q_...',
  })
  key!: string;
}

export class ApiKeyList {
  @ApiProperty({ type: [ApiKeyView] }) value!: ApiKeyView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

/** For the description of routes: the id of a key in a path. */
export const KEY_ID = {
  name: 'key',
  description: 'Id of the key.',
  schema: { type: 'string', pattern: '^[0-9a-z]{16}$', example: '3f9c2k7v0d5m8x1q' },
};
