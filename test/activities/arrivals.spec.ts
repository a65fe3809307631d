/** Looks for blobs on a real Azurite; what Temporal knows is the test's. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Schedule, ScheduleBody, ScheduledInput, ScheduleRun } from '@windrow/contract';
import { arrivalLog, runPlace, schedulePlace, workspaceContainer } from '@windrow/contract';
import { createStorage, ResourceStore, storageConfigFromConnectionString } from '@windrow/storage';
import type { Storage } from '@windrow/storage';
import { createActivities } from '@windrow/worker';
import type { Activities, ActivityDeps } from '@windrow/worker';
import { startAzurite } from '../support';

type Arrival = NonNullable<ScheduleBody['spec']['blobArrival']>;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let storage: Storage;
let activities: Activities;
/** Workflows of runs that were started, by id: how often. */
const started = new Map<string, number>();
/** Steps that are still granted before the worker dies; each write of a record and each start of a workflow is one. */
let life = Infinity;
let number = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
  await storage.catalogue.ensure();
  const start = async (_type: string, { workflowId }: { workflowId: string }) => {
    step();
    const before = started.get(workflowId);
    started.set(workflowId, (before ?? 0) + 1);
    if (before) throw new WorkflowExecutionAlreadyStartedError('there', workflowId, 'scheduledRunWorkflow');
  };
  activities = createActivities({
    storage,
    temporal: () => ({ workflow: { start } }),
    timing: { pollMinMs: 10, pollMaxMs: 20, patienceMs: 1000 },
    deployment: 'd',
  } as unknown as ActivityDeps);
});

afterAll(async () => {
  storage.close();
  await azurite.stop();
});

beforeEach(() => {
  started.clear();
  life = Infinity;
  for (const method of ['create', 'put', 'replace'] as const) dying(ResourceStore.prototype, method);
  dying(Object.getPrototypeOf(storage.blobs) as typeof storage.blobs, 'writeText');
});
afterEach(() => jest.restoreAllMocks());

class WorkerDied extends Error {}

function step(): void {
  if (life <= 0) throw new WorkerDied();
  life -= 1;
}

/** The worker may die before the step, and never in the middle of it: stores are of one mind. */
function dying<T extends object, K extends keyof T & string>(of: T, method: K): void {
  const real = of[method] as (...args: unknown[]) => Promise<unknown>;
  jest.spyOn(of as never, method as never).mockImplementation(async function (this: T, ...args: unknown[]) {
    step();
    return real.apply(this, args);
  } as never);
}

async function schedule(arrival: Partial<Arrival> = {}): Promise<ScheduledInput & { container: string }> {
  const n = (number += 1);
  const container = `arriving${n}`;
  const key = { workspace: 'w', schedule: `s${n}`, uid: `u${n}` };
  const spec = { blobArrival: { container, settle: 'PT0S', ...arrival }, start: '2026-01-01T00:00:00Z' };
  const times = { createdTime: '2026-01-01T00:00:00.000Z', updatedTime: '2026-01-01T00:00:00.000Z' };
  const body = { spec, job: {} as ScheduleBody['job'] };
  const value: Schedule = { uid: key.uid, body, ...times, provisioningState: 'succeeded', specHash: 'h' };
  await storage.resources.create(schedulePlace(key), value);
  await storage.blobs.ensureContainer(container);
  await storage.blobs.ensureContainer(workspaceContainer('w'));
  return { ...key, container };
}

const look = ({ container: _container, ...input }: ScheduledInput & { container: string }) =>
  new MockActivityEnvironment().run(activities.scanArrivals, input);

async function runsOf(input: ScheduledInput): Promise<{ name: string; value: ScheduleRun }[]> {
  const { kind, scope } = runPlace(input, '');
  return (await storage.resources.list<ScheduleRun>({ kind, scope }, { pageSize: 100 })).rows;
}

/** Their jobs were made and have ended. */
async function end(input: ScheduledInput): Promise<void> {
  for (const { name, value } of await runsOf(input)) {
    await storage.resources.put(runPlace(input, name), { ...value, state: 'succeeded', created: true });
  }
}

const upload = (container: string, ...blobs: string[]) =>
  Promise.all(blobs.map((blob) => storage.blobs.writeText(container, blob, blob)));

it.each<[string, Partial<Arrival>, string[], number]>([
  ['blob', {}, ['a', 'b', 'c'], 3],
  ['group', { groupBy: 'sets/{group}/*' }, ['sets/x/1', 'sets/x/2', 'sets/y/1', 'other'], 2],
])(
  'each %s has one run, wherever in a look the worker dies',
  async (_what, arrival, blobs, count) => {
    let died = 0;
    for (let steps = 0; ; steps += 1) {
      const input = await schedule(arrival);
      await upload(input.container, ...blobs);
      life = steps;
      const first = await look(input).catch((error: unknown) => error);
      life = Infinity;
      if (!(first instanceof WorkerDied)) break;
      died += 1;
      await look(input);
      const runs = await runsOf(input);
      expect(runs.map(({ value }) => value.job).sort()).toHaveLength(count);
      expect(new Set(runs.map(({ value }) => value.job)).size).toBe(count);
      const ids = [...started.keys()].filter((id) => id.startsWith(`run:w/${input.schedule}-`));
      expect(ids).toHaveLength(count);
      await end(input);
      expect(await look(input)).toEqual({ submitted: 0 });
      expect(await runsOf(input)).toHaveLength(count);
    }
    // A decision, the active one, the run and its workflow, for each; and the list at the end.
    expect(died).toBeGreaterThan(4 * count);
  },
  60_000,
);

it('two looks at once, as when a worker was taken for dead, make one run for each blob', async () => {
  const input = await schedule();
  await upload(input.container, 'a', 'b', 'c', 'd');
  await Promise.all([look(input), look(input)]);
  const runs = await runsOf(input);
  expect(runs.map(({ value }) => (value.trigger.kind === 'blob' ? value.trigger.blob : '')).sort()).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
  expect(started.size).toBe(4);
});

it('what has had its run has no other, though the list beside is lost and the blob was written anew', async () => {
  const input = await schedule();
  await upload(input.container, 'a');
  expect(await look(input)).toEqual({ submitted: 1 });
  await end(input);
  await upload(input.container, 'a');
  expect(await look(input)).toEqual({ submitted: 0 });
  await storage.blobs.delete(workspaceContainer('w'), arrivalLog(input.uid));
  await look(input);
  expect(await runsOf(input)).toHaveLength(1);
  expect([...started.values()]).toEqual([1]);
});

it('no more jobs run at a time than may, and the others come when those have ended', async () => {
  const input = await schedule({ maxActiveJobs: 2 });
  await upload(input.container, 'a', 'b', 'c', 'd', 'e');
  expect(await look(input)).toEqual({ submitted: 2 });
  expect(await look(input)).toEqual({ submitted: 0 });
  await end(input);
  expect(await look(input)).toEqual({ submitted: 2 });
  await end(input);
  expect(await look(input)).toEqual({ submitted: 1 });
  expect(await runsOf(input)).toHaveLength(5);
});
