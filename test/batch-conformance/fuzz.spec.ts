import fc, { type Arbitrary } from 'fast-check';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { FuzzRequests } from './fuzz-requests';
import { sendPipelined, type RawAnswer, type RawRequest } from './pipelined';
import { Rest, type Body } from './rest';
import { uniqueId } from './target';

/** The same every time; another one finds other things. */
const SEED = Number(process.env['BATCH_FUZZ_SEED'] ?? 20_240_611);
const BATCH = 100;
const BATCHES = 100;

/** Errors of the server's side that are no failures of the emulator. */
const HONEST = new Set(['NotImplemented', 'TooManyEnableAutoScaleRequests']);

describe(`anything may come in (BATCH_FUZZ_SEED=${SEED})`, () => {
  let emulator: Emulator;
  let rest: Rest;
  let log: string[];
  let requests: FuzzRequests;
  const { stackTraceLimit } = Error;
  // Traces of errors by the ten thousand are what takes the time here.
  beforeAll(() => (Error.stackTraceLimit = 5));
  afterAll(() => (Error.stackTraceLimit = stackTraceLimit));
  beforeEach(async () => {
    log = [];
    emulator = await startEmulator({
      bearer: true,
      containerEngine: 'none',
      timing: { allocation: 0, creating: 0, starting: 0, rebooting: 1 },
      quotas: { dedicatedCores: 200, lowPriorityCores: 200 },
      log: (line) => log.push(line),
    });
    rest = new Rest(emulator);
    requests = new FuzzRequests(emulator.operations, await prepare());
  });
  afterEach(() => emulator.close());

  /** What is there for all requests of a test; files on a real node that only requests for files know of. */
  async function prepare(): Promise<Record<string, string>> {
    const scale = {
      targetDedicatedNodes: undefined,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes=1',
    };
    const scalingPoolId = await createPool(rest, { vmSize: 'simulated_d2', ...scale });
    const realPoolId = await createPool(rest);
    await poolReady(rest, realPoolId);
    const realJobId = await createJob(rest, realPoolId);
    const commandLine = "/bin/sh -c 'ln -s / link; echo 1'";
    const { nodeInfo } = await runTask(rest, realJobId, { id: 'files', commandLine });
    const [, , subscriptionId = '', , resourceGroup = ''] = emulator.resourceId.split('/');
    return {
      ...{ scalingPoolId, accountName: emulator.account, subscriptionId, resourceGroup },
      taskFiles: `/jobs/${realJobId}/tasks/files/files`,
      nodeFiles: `/pools/${realPoolId}/nodes/${nodeInfo.nodeId}/files`,
    };
  }

  /** Resources for one batch, which may do to them what it likes; those of the batch before go. */
  async function refresh(before: Record<string, string> | undefined): Promise<Record<string, string>> {
    if (before) {
      await Promise.all([
        rest.delete(`/pools/${before['poolId']}`),
        rest.delete(`/jobs/${before['jobId']}`, { query: { force: 'true' } }),
        rest.delete(`/jobschedules/${before['jobScheduleId']}`),
      ]);
    }
    const poolId = await createPool(rest, { vmSize: 'simulated_d2', targetDedicatedNodes: 2 });
    const jobId = await createJob(rest, poolId, { usesTaskDependencies: true });
    const jobScheduleId = uniqueId('schedule');
    const jobSpecification = { poolInfo: { poolId } };
    const schedule = { recurrenceInterval: 'PT1H' };
    await rest.post('/jobschedules', { id: jobScheduleId, schedule, jobSpecification });
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'known', commandLine: 'x' });
    const [node] = await poolReady(rest, poolId, 2);
    return { poolId, poolName: poolId, jobId, jobScheduleId, taskId: 'known', nodeId: node?.id };
  }

  /** A valid success, or an error in the form of the service. */
  function check(request: RawRequest, answer: RawAnswer): void {
    const { status, headers, text } = answer;
    const say = (what: string): Error =>
      new Error(`${what}: ${status} ${text.slice(0, 500)}\n${log.slice(-3).join('\n')}`);
    const isManagement = /^\/(subscriptions|providers)(\/|\?|$)/i.test(request.target);
    if (!(isManagement ? headers.get('x-ms-request-id') : headers.get('request-id'))) throw say('no request id');
    const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
    const body: Body = isJson && text !== '' ? JSON.parse(text) : undefined;
    if (status < 400 || request.method === 'HEAD') {
      if (status >= 500 && status !== 501) throw say('failed');
      return;
    }
    const error: Body = isManagement ? body?.error : body;
    if (typeof error?.code !== 'string') throw say('no error code');
    if (status >= 500 && !HONEST.has(error.code)) throw say('failed');
    if (typeof (isManagement ? error.message : error.message?.value) !== 'string') throw say('no message');
  }

  async function bombard(request: Arbitrary<RawRequest>): Promise<void> {
    const batch = fc.array(request, { minLength: BATCH, maxLength: BATCH, size: 'max' });
    let names: Record<string, string> | undefined;
    const property = fc.asyncProperty(batch, async (list) => {
      const present = (names = await refresh(names));
      const named = list.map((each) => ({
        ...each,
        target: each.target.replace(/~(\w+)~/g, (_all, name: string) => present[name] ?? 'known'),
      }));
      const answers = await sendPipelined(emulator.url, named);
      answers.forEach((answer, index) => check(named[index] as RawRequest, answer));
    });
    await fc.assert(property, { seed: SEED, numRuns: BATCHES, endOnFailure: true });
  }

  it.each([
    ['Authorization headers and dates', () => requests.authorizations()],
    ['headers', () => requests.headers()],
    ['bodies', () => requests.bodies()],
    ['ids', () => requests.ids()],
    ['query parameters', () => requests.queries()],
    ['$filter', () => requests.filters()],
    ['$select', () => requests.selects()],
    ['autoscale formulas', () => requests.formulas()],
    ['paths and ranges of files', () => requests.files()],
    ['management requests', () => requests.management()],
  ])('%s', async (_what, arbitrary) => {
    await bombard(arbitrary());
    // It still works, from the first request to the end of a task.
    const poolId = await createPool(rest, { vmSize: 'simulated_d2' });
    expect((await runTask(rest, await createJob(rest, poolId), { commandLine: 'x' })).executionInfo.result).toBe(
      'success',
    );
  });
});
