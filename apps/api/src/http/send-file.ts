import { pipeline } from 'node:stream/promises';
import type { OpenFile } from '../tasks/task-files.service';
import type { HttpRequest, HttpResponse } from './exchange';
import { wantedRange } from './byte-range';

const TEXT = /(?:^|\/)(?:stdout|stderr)\.txt$/;

/**
 * Streams a task's file. It is the work of strangers: never guessed at, run or shown as a page by a browser.
 */
export async function sendFile(
  open: OpenFile,
  query: { offset?: number; count?: number },
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const { path, bytes, lastModified } = open.file;
  const { offset, count, partial } = wantedRange(bytes, query, request.headers.range);
  const isText = TEXT.test(path);
  const withBody = request.method !== 'HEAD' && count > 0;
  const stream = withBody ? await open.read({ offset, count }) : undefined;
  response.statusCode = partial ? 206 : 200;
  response.setHeader('Content-Type', isText ? 'text/plain; charset=utf-8' : 'application/octet-stream');
  response.setHeader('Content-Length', count);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  if (partial) response.setHeader('Content-Range', `bytes ${offset}-${offset + count - 1}/${bytes}`);
  if (lastModified) response.setHeader('Last-Modified', new Date(lastModified).toUTCString());
  if (!isText) response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${fileName(path)}`);
  if (stream) await pipeline(stream, response);
  else response.end();
}

function fileName(path: string): string {
  return encodeURIComponent(path.split('/').at(-1) ?? '').replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}
