import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  status: number;
  stream: http.IncomingMessage;
}

const TRIES = 4;
const PAUSE_MS = 250;

export interface Sending {
  method: 'GET' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  /** Made anew for every try. */
  body?: () => Readable | Buffer;
  signal: AbortSignal;
}

/** One HTTP exchange with a storage service; what may pass by itself (5xx, broken connections) is tried again. */
export async function exchange(url: string, sending: Sending): Promise<Answer> {
  // What is wrong for good is not tried again.
  if (!/^https?:$/.test(new URL(url).protocol)) throw new Error(`'${url}' is not a URL of http or https.`);
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await once(url, sending);
      if (answer.status < 500 || attempt === TRIES) return answer;
      answer.stream.resume();
    } catch (error) {
      if (attempt === TRIES || sending.signal.aborted) throw error;
    }
    await delay(PAUSE_MS * attempt, undefined, { signal: sending.signal });
  }
}

async function once(url: string, { method, headers = {}, body, signal }: Sending): Promise<Answer> {
  const client = url.startsWith('https:') ? https : http;
  const request = client.request(url, { method, headers, signal });
  const answered = new Promise<Answer>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (stream) => resolve({ status: stream.statusCode ?? 0, stream }));
  });
  const content = body?.();
  if (content === undefined || Buffer.isBuffer(content)) request.end(content);
  // A refusal may come before all is sent; the answer then says more than the broken pipe.
  else pipeline(content, request).catch(() => undefined);
  return answered;
}

export async function readText(stream: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
