/** Recorded histories of each workflow, replayed by the present code: a job that runs must survive a new version of us. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { AZURITE_KEY, ROOT } from '@windrow/local-stack';
import { WorkflowType } from '@windrow/contract';

const FOLDER = path.join(__dirname, 'histories');
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

interface Recorded {
  workflowId: string;
  events: { workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }[];
}

const text = (name: string) => readFileSync(path.join(FOLDER, `${name}.json`), 'utf8');
const present = () => {
  const code = readFileSync(path.join(ROOT, 'apps/worker/dist/workflow-bundle.js'), 'utf8');
  return { workflowBundle: { code } };
};
const recorded = (name: string) => JSON.parse(text(name)) as Recorded;

const ENDED = /^workflowExecution(\w+)EventAttributes$/;

const WHAT_TO_DO =
  'This change of the workflows is not compatible with jobs that run: put it behind patched(), see docs/workflow-versions.md. ' +
  'Where no such job can exist any more, renew the recordings with `npm run record-histories`.';

beforeAll(() => {
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
});

it('there is a recording of each workflow, and of each way in which one ends', () => {
  const types = NAMES.map(
    (name) => recorded(name).events[0]!.workflowExecutionStartedEventAttributes!.workflowType.name,
  );
  expect(new Set(types)).toEqual(new Set(Object.values(WorkflowType)));
  const ends = NAMES.flatMap((name) => Object.keys(recorded(name).events.at(-1)!)).filter((key) => ENDED.test(key));
  expect(new Set(ends.map((key) => ENDED.exec(key)![1]))).toEqual(
    new Set(['Completed', 'Failed', 'Canceled', 'ContinuedAsNew']),
  );
});

it.each(NAMES)('%s replays', async (name) => {
  const { workflowId, events } = recorded(name);
  const replay = Worker.runReplayHistory(present(), { events }, workflowId);
  await replay.catch((error: unknown) => {
    throw new Error(`${WHAT_TO_DO}\n${String(error)}`, { cause: error });
  });
});

it('a history that the code would not have made does not replay', async () => {
  const { workflowId, events } = recorded('sweeper');
  const changed = JSON.parse(JSON.stringify(events).replaceAll('"name":"sweep"', '"name":"brush"')) as object[];
  const replay = Worker.runReplayHistory(present(), { events: changed }, workflowId);
  await expect(replay).rejects.toThrow(/brush|[Nn]ondeterminis/);
});

it.each(NAMES)('%s holds no SAS, no key and no connection string', (name) => {
  const raw = text(name);
  const decoded = raw.replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
  for (const form of [raw, decoded]) {
    expect(form).not.toMatch(/sig=|AccountKey|SharedKey|Bearer /);
    expect(form).not.toContain(AZURITE_KEY);
  }
});
