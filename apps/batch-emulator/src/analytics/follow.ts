import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { ServiceLog } from './service-log';

/**
 * Streams entries of the log as JSON lines, each with its number, and goes on as new ones come. A reader that is slow
 * is not waited for: it takes up where it is when it reads again, and is told how many it has missed.
 */
export async function streamEvents(
  log: ServiceLog,
  response: ServerResponse,
  since: number,
  follow: boolean,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.flushHeaders();
  let cursor = since;
  let wake: () => void = () => undefined;
  const unfollow = log.follow(() => wake());
  response.once('close', () => wake());
  try {
    do {
      const fresh = log.since(cursor);
      const missed = (fresh[0]?.sequence ?? cursor + 1) - cursor - 1;
      let text = missed > 0 ? `${JSON.stringify({ missed })}\n` : '';
      for (const { sequence, value } of fresh) text += `${JSON.stringify({ sequence, ...value })}\n`;
      cursor = fresh.at(-1)?.sequence ?? cursor;
      if (text !== '' && !response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (!follow) break;
      // Between looking and waiting nothing can happen, unless a drain was waited for.
      if (log.last === cursor && !response.destroyed) await new Promise<void>((resolve) => (wake = resolve));
      // Many events of one moment go out together.
      await new Promise((resolve) => setImmediate(resolve));
    } while (!response.destroyed);
  } finally {
    unfollow();
    response.end();
  }
}
