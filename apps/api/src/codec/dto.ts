import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { WirePayload } from '@windrow/codec';
import { Dictionary, NestedList } from '../common/validation/collections';
import { Text } from '../common/validation/fields';

const PLAIN = { encoding: 'anNvbi9wbGFpbg==' };

export class PayloadDto implements WirePayload {
  @Dictionary({ description: 'Values in base64.', example: PLAIN }, 100)
  metadata?: Record<string, string>;

  @Text({ description: 'In base64.', example: 'IngiCg==' })
  data?: string;
}

export class PayloadsDto {
  @NestedList({ description: 'As they stand in a history.', required: true }, () => PayloadDto, { max: 10_000 })
  payloads!: PayloadDto[];
}

export const PAYLOADS_EXAMPLES = { plain: { payloads: [{ metadata: PLAIN, data: 'IngiCg==' }] } };

export class PayloadView implements WirePayload {
  @ApiPropertyOptional({
    description: 'Values in base64.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: PLAIN,
  })
  metadata?: Record<string, string>;
  @ApiPropertyOptional({ description: 'In base64.', example: 'IngiCg==' }) data?: string;
}

export class PayloadsView {
  @ApiProperty({ type: [PayloadView] }) payloads!: PayloadView[];
}
