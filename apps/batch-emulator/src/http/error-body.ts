import type { BatchError } from '../errors';
import type { JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';
import type { RequestContext } from './context';

/** "BatchError", without the `odata.metadata` that only a whole response carries. */
export function errorBody(error: BatchError, request: Pick<RequestContext, 'requestId'>, now: Micros): JsonObject {
  const body: JsonObject = {
    code: error.code,
    message: { lang: 'en-US', value: `${error.message}\nRequestId:${request.requestId}\nTime:${formatTime(now)}` },
  };
  if (error.values.length > 0) body['values'] = error.values.map(({ key, value }) => ({ key, value }));
  return body;
}
