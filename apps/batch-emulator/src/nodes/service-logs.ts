import type { EventLog } from '../util/event-log';
import type { Micros } from '../util/time';
import { blobUrl } from './blob-list';
import { put } from './output-files';

const UPLOAD_TIMEOUT_MS = 60_000;

/** Puts what the logs say about a period into a container; a log that says nothing is left out. */
export async function uploadLogs(
  containerUrl: string,
  directory: string,
  logs: Readonly<Record<string, EventLog>>,
  from: Micros,
  to: Micros,
): Promise<number> {
  let count = 0;
  for (const [name, log] of Object.entries(logs)) {
    const content = Buffer.from(log.lines(from, to));
    if (content.length === 0) continue;
    const url = blobUrl(containerUrl, `${directory}/${name}`);
    const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
    await put(url, content.length, { 'x-ms-blob-type': 'BlockBlob' }, () => content, signal);
    count++;
  }
  return count;
}
