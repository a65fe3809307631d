import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { fromWire, PayloadUnreadableError, toWire } from '@windrow/codec';
import { Access } from '../access/route-access';
import { UnprocessableError } from '../common/errors';
import { Route } from '../docs/decorators';
import { ApiSettings } from '../settings';
import { PAYLOADS_EXAMPLES, PayloadsDto, PayloadsView } from './dto';

const DESCRIPTION =
  "The codec endpoint of Temporal's web interface and command line (remote data encoding): set it to `{this API}/v1/codec`. Without `WINDROW_PAYLOAD_KEYS` payloads come back as they are.";

/** What Temporal's own tools ask to show people what is encrypted in histories. */
@ApiTags('codec')
@Access('administrator')
@Controller('v1/codec')
export class CodecController {
  constructor(private readonly settings: ApiSettings) {}

  @Post('decode')
  @HttpCode(200)
  @Route({
    summary: 'Decrypt payloads of Temporal',
    description: DESCRIPTION,
    body: PayloadsDto,
    examples: PAYLOADS_EXAMPLES,
    answers: { 200: PayloadsView },
    problems: [422],
  })
  async decode(@Body() { payloads }: PayloadsDto): Promise<PayloadsView> {
    try {
      const decoded = await this.settings.codec.decode(payloads.map(fromWire));
      return { payloads: decoded.map(toWire) };
    } catch (error) {
      if (!(error instanceof PayloadUnreadableError)) throw error;
      throw new UnprocessableError([{ path: '$.payloads', code: 'PayloadUnreadable', message: error.message }]);
    }
  }

  @Post('encode')
  @HttpCode(200)
  @Route({
    summary: 'Encrypt payloads for Temporal',
    description: DESCRIPTION,
    body: PayloadsDto,
    examples: PAYLOADS_EXAMPLES,
    answers: { 200: PayloadsView },
  })
  async encode(@Body() { payloads }: PayloadsDto): Promise<PayloadsView> {
    const encoded = await this.settings.codec.encode(payloads.map(fromWire));
    return { payloads: encoded.map(toWire) };
  }
}
