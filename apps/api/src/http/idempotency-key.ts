import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { InvalidRequestError } from '../common/errors';
import type { HttpRequest } from './exchange';

const FORM = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` header, when there is one. */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined => {
  const key = context.switchToHttp().getRequest<HttpRequest>().headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && FORM.test(key)) return key;
  throw new InvalidRequestError([
    {
      path: 'Idempotency-Key',
      code: 'InvalidHeader',
      message: 'must be 1 to 255 printable ASCII characters, no spaces',
    },
  ]);
});
