import { createHash } from 'node:crypto';
import { invalidProperty } from '../errors';
import type { Call } from '../http/route';
import { document, type BatchResponse } from '../http/response';
import type { Model } from '../model';
import { RunFailure, withoutQuery } from '../nodes/run-failure';
import { uploadLogs } from '../nodes/service-logs';
import { parseTime } from '../util/time';
import { nodeOf } from './node-of';

interface UploadRequest {
  containerUrl: string;
  startTime: string;
  endTime?: string;
}

/** "Compute Node - Upload Batch Service Logs": what the emulator noted of the node and its pool. */
export function uploadServiceLogs(model: Model, account: string): (call: Call) => Promise<BatchResponse> {
  const mark = createHash('sha256').update(account).digest('hex').slice(0, 16).toUpperCase();
  return async (call) => {
    const node = nodeOf(model, call);
    const { containerUrl, startTime, endTime } = call.body as UploadRequest;
    const virtualDirectoryName = `${account}-${mark}/${node.pool.id.toLowerCase()}/${node.id}/${call.request.requestId}`;
    const from = parseTime(startTime) ?? 0;
    const to = parseTime(endTime ?? '') ?? Number.POSITIVE_INFINITY;
    const logs = { 'node.log': node.events, 'pool.log': node.pool.events };
    try {
      const numberOfFilesUploaded = await uploadLogs(containerUrl, virtualDirectoryName, logs, from, to);
      return document('Microsoft.Azure.Batch.Protocol.Entities.UploadBatchServiceLogsResult', {
        virtualDirectoryName,
        numberOfFilesUploaded,
      });
    } catch (error) {
      const reason = error instanceof RunFailure ? error.info.message : String(error);
      throw invalidProperty('containerUrl', withoutQuery(containerUrl), reason);
    }
  };
}
