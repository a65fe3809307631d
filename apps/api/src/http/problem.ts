import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FieldError } from '../common/errors';

export class FieldErrorDto implements FieldError {
  @ApiProperty({ description: 'JSON path in the body, or the name of a query parameter.', example: '$.task.timeout' })
  path!: string;

  @ApiProperty({ description: 'Stable code.', example: 'InvalidDuration' })
  code!: string;

  @ApiProperty({ description: 'For people.', example: 'must be an ISO 8601 duration such as PT30M or P1D' })
  message!: string;
}

export class BatchErrorDto {
  @ApiProperty({ description: "Azure Batch's own code.", example: 'PoolNotFound' })
  code!: string;

  @ApiProperty({ description: "Azure Batch's own words.", example: 'The specified pool does not exist.' })
  message!: string;
}

/** RFC 9457 problem details. Some codes add members, such as `state`. */
export class Problem {
  @ApiProperty({ description: 'Identifies the kind of problem.', example: 'urn:windrow:problem:JobExists' })
  type!: string;

  @ApiProperty({ description: 'The kind in words.', example: 'Conflict' })
  title!: string;

  @ApiProperty({ description: 'HTTP status.', example: 409 })
  status!: number;

  @ApiProperty({ description: 'Stable code to branch on.', example: 'JobExists' })
  code!: string;

  @ApiProperty({ description: 'What happened here.', example: "Job 'wordcount' exists with another body." })
  detail!: string;

  @ApiProperty({ description: 'Path of the request.', example: '/v1/jobs/wordcount' })
  instance!: string;

  @ApiPropertyOptional({ description: 'The fields at fault.', type: [FieldErrorDto] })
  errors?: FieldErrorDto[];

  @ApiPropertyOptional({ description: 'The Batch error beneath, where there is one.', type: BatchErrorDto })
  batch?: BatchErrorDto;

  @ApiProperty({
    description: 'Of the request (`X-Request-Id`): log lines and the audit log have it.',
    example: '5f1c…',
  })
  requestId!: string;
}
