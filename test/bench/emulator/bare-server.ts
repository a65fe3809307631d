/** What adding tasks is held against: reads and parses every body, and keeps nothing. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

// It stands idle while the other one is measured.
const server = http.createServer({ keepAliveTimeout: 600_000 }, (message, response) => {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { value: unknown[] };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ received: body.value.length }));
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${port}` }));
});
