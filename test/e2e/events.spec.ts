/** Server-sent events of a real job, through a dropped connection and a restart of the API. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

async function open(name: string, last?: string) {
  const abort = new AbortController();
  const response = await fetch(`${stack.stack.apiUrl}/v1/jobs/${name}/events`, {
    signal: abort.signal,
    headers: last === undefined ? {} : { 'Last-Event-ID': last },
  });
  const events: EventSourceMessage[] = [];
  const stream = { response, events, over: false, abort: () => abort.abort() };
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const decoder = new TextDecoder();
  const read = async () => {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  };
  read()
    .catch(() => undefined)
    .finally(() => (stream.over = true));
  return stream;
}

it('is followed to its end, each event once, whatever connections and processes do', async () => {
  const gate = '[ -e "$AZ_BATCH_NODE_SHARED_DIR/go" ] || [ "$WINDROW_TASK_INDEX" = 0 ] || sleep 4';
  await stack.submit('followed', shellJob(gate, { input: { kind: 'repeat', count: 4 } }));
  const first = await open('followed');
  await waitFor('the job to run', () => first.events.some(({ data }) => data.includes('"state":"running"')));
  first.abort();

  const second = await open('followed', first.events.at(-1)!.id);
  await stack.stack.processes.api!.kill();
  await waitFor('the stream to break', () => second.over);
  await stack.stack.startApi();
  const seen = [...first.events, ...second.events];
  const third = await open('followed', seen.at(-1)!.id);
  await waitFor('the end', () => third.over);
  const all = [...seen, ...third.events];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.at(-1)!.event).toBe('end');
  expect(JSON.parse(all.at(-1)!.data)).toMatchObject({ state: 'succeeded', counts: { succeeded: 4 } });
  expect(all.some(({ event }) => event === 'message')).toBe(true);
  expect((await open('followed', all.at(-1)!.id)).response.status).toBe(204);
});
