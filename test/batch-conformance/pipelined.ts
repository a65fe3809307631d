import net from 'node:net';

export interface RawRequest {
  method: string;
  /** As it goes on the wire. */
  target: string;
  headers: [string, string][];
  body?: string;
}

export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  text: string;
}

/** Sends requests all at once over one connection and gives their answers in order: fast, and free to send anything. */
export function sendPipelined(url: string, requests: readonly RawRequest[], timeoutMs = 30_000): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const answers: RawAnswer[] = [];
    let unread = Buffer.alloc(0);
    const socket = net.connect(Number(port), hostname);
    const timer = setTimeout(() => fail(`no answer to request ${answers.length}`), timeoutMs);
    const fail = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(`${reason}: ${JSON.stringify(requests[answers.length])}`));
    };
    socket.on('error', (error) => fail(String(error)));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
      for (;;) {
        const request = requests[answers.length];
        const parsed = request && parseAnswer(unread, request.method);
        if (!parsed) break;
        answers.push(parsed.answer);
        unread = unread.subarray(parsed.size);
      }
      if (answers.length < requests.length) return;
      clearTimeout(timer);
      socket.removeAllListeners('close');
      socket.destroy();
      resolve(answers);
    });
    socket.write(Buffer.concat(requests.map(bytesOf)));
  });
}

function bytesOf({ method, target, headers, body }: RawRequest): Buffer {
  const content = Buffer.from(body ?? '', 'utf8');
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: emulator.local'];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== undefined || method === 'POST') lines.push(`Content-Length: ${content.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}

/** One answer off the front; nothing while it is not all there. */
function parseAnswer(bytes: Buffer, method: string): { answer: RawAnswer; size: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(first.split(' ')[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const start = headEnd + 4;
  if (method === 'HEAD' || status === 204 || status === 304)
    return { answer: { status, headers, text: '' }, size: start };
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunked = readChunks(bytes, start);
    return chunked && { answer: { status, headers, text: chunked.text }, size: chunked.end };
  }
  const end = start + Number(headers.get('content-length') ?? 0);
  if (bytes.length < end) return undefined;
  return { answer: { status, headers, text: bytes.toString('utf8', start, end) }, size: end };
}

function readChunks(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { text: Buffer.concat(chunks).toString('utf8'), end: next };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
