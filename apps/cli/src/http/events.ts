import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ApiError, UnreachableError } from '../errors';
import type { ApiClient } from './client';

export interface ServerEvent {
  name: string | undefined;
  /** Parsed where it is JSON. */
  data: unknown;
}

/** Each server-sent event, until the stream ends or breaks. Undefined when the API has no such stream. */
export async function events(
  api: ApiClient,
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<ServerEvent> | undefined> {
  try {
    const response = await api.open(path, { signal, attempts: 1, headers: { accept: 'text/event-stream' } });
    if (response.headers.get('content-type')?.startsWith('text/event-stream') && response.body) {
      return messages(response.body);
    }
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnreachableError) return undefined;
    throw error;
  }
}

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const { event, data } of waiting.splice(0)) yield { name: event, data: parsed(data) };
    }
  } catch (error) {
    // Broken off, or given up by us: the caller asks for the state of things either way.
    if (!['TypeError', 'AbortError'].includes((error as Error).name)) throw error;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}
