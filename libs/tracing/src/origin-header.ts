import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { ORIGIN_HEADER, type Origin } from '@windrow/contract';

export function originOf(headers: Headers): Origin {
  const payload = headers[ORIGIN_HEADER];
  return payload ? defaultPayloadConverter.fromPayload<Origin>(payload) : {};
}

export function withOrigin(headers: Headers, origin: Origin): Headers {
  const known = Object.values(origin).some((value) => value !== undefined);
  return known ? { ...headers, [ORIGIN_HEADER]: defaultPayloadConverter.toPayload(origin) } : headers;
}
