import { Controller, Get } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Route } from '../docs/decorators';
import { Caller, type Principal, type Role } from './principal';
import { Access } from './route-access';

export class MeView {
  @ApiProperty({ description: 'As the audit log names you.', example: 'apiKey:3f9c2k7v0d5m8x1q' }) id!: string;
  @ApiProperty({ type: 'string', enum: ['anonymous', 'apiKey', 'token'], example: 'apiKey' }) kind!: Principal['kind'];
  @ApiPropertyOptional({ example: 'Nightly run' }) displayName?: string;
  @ApiProperty({ description: 'May do everything everywhere.', example: false }) administrator!: boolean;
  @ApiProperty({
    description: 'Your role by workspace.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { aero: 'contributor' },
  })
  roles!: Readonly<Record<string, Role>>;
  @ApiPropertyOptional({ description: 'When your key or token ends.', format: 'date-time' }) expiresTime?: string;
}

@ApiTags('access')
@Access('caller')
@Controller('v1/me')
export class MeController {
  @Get()
  @Route({ summary: 'Who you are, and what you may do', answers: { 200: MeView } })
  me(@Caller() { id, kind, displayName, administrator, roles, expiresTime }: Principal): MeView {
    const optional = {
      ...(displayName !== undefined && { displayName }),
      ...(expiresTime !== undefined && { expiresTime }),
    };
    return { id, kind, ...optional, administrator, roles };
  }
}
