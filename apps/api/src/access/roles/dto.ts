import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '../../common/validation/collections';
import { Choice, Text } from '../../common/validation/fields';
import { type Role, ROLES } from '../principal';
import type { AssignedPrincipal } from './role-assignments.service';

export class AssignedPrincipalDto implements AssignedPrincipal {
  @Text({
    description: 'Issuer of the tokens.',
    example: 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0',
    required: true,
  })
  issuer!: string;

  @Text({ description: 'One user or program: its `oid` in Entra ID, its `sub` elsewhere.' })
  subject?: string;

  @Text({ description: 'All whose tokens carry this role, or app role.', example: 'Windrow.Aero' })
  role?: string;

  @Text({ description: 'All whose tokens carry this group, where the issuer is configured with a groups claim.' })
  group?: string;
}

export class RoleAssignmentDto {
  @Nested({ description: 'Who: `subject`, `role` or `group`.', required: true }, () => AssignedPrincipalDto)
  principal!: AssignedPrincipalDto;

  @Choice({ description: 'What they may do in the workspace.', example: 'contributor', required: true }, ROLES)
  role!: Role;
}

const issuer = 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0';
export const ROLE_ASSIGNMENT_EXAMPLES = {
  appRole: { principal: { issuer, role: 'Windrow.Aero' }, role: 'contributor' },
  person: { principal: { issuer, subject: '6c3a1f3e-0c1d-4a52-9c1c-6f0f6a1d2b11' }, role: 'owner' },
};

export class RoleAssignmentView {
  @ApiProperty({ example: 'aero-team' }) name!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ type: AssignedPrincipalDto }) principal!: AssignedPrincipalDto;
  @ApiProperty({ type: 'string', enum: [...ROLES], example: 'contributor' }) role!: Role;
  @ApiProperty({ description: 'Principal that wrote it last.', example: 'apiKey:admin' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) createdTime!: string;
}

export class RoleAssignmentList {
  @ApiProperty({ type: [RoleAssignmentView] }) value!: RoleAssignmentView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}
