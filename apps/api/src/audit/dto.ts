import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AuditRecord } from '@windrow/contract';
import { Text, Time } from '../common/validation/fields';
import { PageQuery } from '../http/page-query';

export class WorkspaceAuditQuery extends PageQuery {
  @Time({ description: 'Records from then on. Default: a day ago.' })
  from?: string;

  @Time({ description: 'Records before then. Default: now.' })
  to?: string;

  @Text({ description: 'Of this principal only.', example: 'windrow:worker' })
  principal?: string;
}

export class AuditQueryDto extends WorkspaceAuditQuery {
  @Text({ description: 'Of this workspace only.', example: 'aero' })
  workspace?: string;
}

export class AuditRecordView implements AuditRecord {
  @ApiProperty({ description: 'A line that was stored twice has the same.' }) id!: string;
  @ApiProperty({ format: 'date-time' }) time!: string;
  @ApiProperty({
    description: 'A request to this service, or one of ours to the data plane of Azure Batch.',
    type: 'string',
    enum: ['api', 'batch'],
  })
  source!: AuditRecord['source'];
  @ApiProperty({ description: 'Who.', example: 'apiKey:3f9c2k7v0d5m8x1q' }) principal!: string;
  @ApiProperty({ example: 'PUT' }) method!: string;
  @ApiProperty({ description: 'Route, or operation on Batch.', example: 'pools.create' }) operation!: string;
  @ApiProperty({ example: '/v1/jobs/wordcount' }) resource!: string;
  @ApiPropertyOptional({ example: 'aero' }) workspace?: string;
  @ApiPropertyOptional({ description: 'Absent when no answer came.', example: 201 }) status?: number;
  @ApiPropertyOptional({ description: 'What went wrong.', example: 'JobExists' }) code?: string;
  @ApiPropertyOptional() requestId?: string;
  @ApiPropertyOptional({ example: '10.0.0.4' }) address?: string;
  @ApiPropertyOptional({ example: 'job:aero/blades/wordcount' }) workflowId?: string;
  @ApiPropertyOptional({ description: 'Tasks that the request added.', example: 100 }) tasks?: number;
  @ApiPropertyOptional({ description: 'How often it was sent, if more than once.', example: 3 }) attempts?: number;
}

export class AuditList {
  @ApiProperty({ type: [AuditRecordView] }) value!: AuditRecordView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}
