import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Azurite, blobUrl } from './azurite';
import { createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';

describe('transfers of tasks that are more than one command', () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let rest: Rest;
  let poolId: string;
  let sasUrl: string;
  let missingUrl: string;
  beforeAll(async () => {
    [azurite, emulator] = await Promise.all([Azurite.start(), startEmulator()]);
    rest = new Rest(emulator);
    poolId = await createPool(rest, { targetDedicatedNodes: 2, enableInterNodeCommunication: true });
    await poolReady(rest, poolId, 2);
    const container = await azurite.container();
    ({ sasUrl, missingUrl } = container);
    await container.client.getBlockBlobClient('common.txt').upload('common', 6);
    await container.client.getBlockBlobClient('own.txt').upload('own', 3);
  });
  afterAll(async () => {
    await emulator.close();
    await azurite.stop();
  });

  const file = (name: string): Body => ({ httpUrl: blobUrl(sasUrl, name), filePath: name });
  const stdout = async (jobId: string, task: Body): Promise<string> =>
    (await rest.get(`/jobs/${jobId}/tasks/${task.id}/files/stdout.txt`)).text;

  it('common resource files are on every node before the coordination, those of the task only with the primary', async () => {
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'cat $AZ_BATCH_TASK_SHARED_DIR/common.txt own.txt'`,
      resourceFiles: [file('own.txt')],
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: `/bin/sh -c 'test $(cat $AZ_BATCH_TASK_SHARED_DIR/common.txt) = common'`,
        commonResourceFiles: [file('common.txt')],
      },
    });
    expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
    expect(await stdout(jobId, task)).toBe('commonown');
  });

  it('a common resource file that is missing fails the task, without a retry', async () => {
    const task = await runTask(rest, await createJob(rest, poolId), {
      commandLine: 'true',
      constraints: { maxTaskRetryCount: 2 },
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: 'true',
        commonResourceFiles: [file('nosuch.txt')],
      },
    });
    expect(task.executionInfo).toMatchObject({ retryCount: 0, failureInfo: { code: 'BlobNotFound' } });
    expect(task.executionInfo).not.toHaveProperty('exitCode');
  });

  it('a preparation task brings its files, and job managers their outputs', async () => {
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'true', resourceFiles: [file('common.txt')] },
      jobManagerTask: {
        id: 'boss',
        commandLine: `/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/common.txt'`,
        killJobOnCompletion: false,
        outputFiles: [
          {
            filePattern: '../stdout.txt',
            destination: { container: { containerUrl: sasUrl, path: 'boss.txt' } },
            uploadOptions: { uploadCondition: 'taskcompletion' },
          },
        ],
      },
    });
    const task = await runTask(rest, jobId, { commandLine: 'cat own.txt boss.txt', resourceFiles: [file('own.txt')] });
    expect(task.executionInfo.exitCode).toBe(1);
    const boss = await taskInState(rest, jobId, 'boss', 'completed');
    expect(boss.executionInfo.result).toBe('success');
    const read = await runTask(rest, jobId, { commandLine: 'cat boss.txt', resourceFiles: [file('boss.txt')] });
    expect(await stdout(jobId, read)).toBe('common');
  });

  it.each<[string, Body, string]>([
    [
      'fileUploadError decides over an upload that failed',
      { fileUploadError: { dependencyAction: 'satisfy' } },
      'completed',
    ],
    [
      'an exit code that is listed goes before it',
      {
        exitCodes: [{ code: 0, exitOptions: { dependencyAction: 'block' } }],
        fileUploadError: { dependencyAction: 'satisfy' },
      },
      'active',
    ],
    ['without it the default does', { default: { dependencyAction: 'satisfy' } }, 'completed'],
    ['and without that dependents wait', {}, 'active'],
  ])('%s', async (_rule, exitConditions, state) => {
    const jobId = await createJob(rest, poolId, { usesTaskDependencies: true });
    const parent = await runTask(rest, jobId, {
      id: 'parent',
      commandLine: 'true',
      exitConditions,
      outputFiles: [
        {
          filePattern: '../stdout.txt',
          destination: { container: { containerUrl: missingUrl } },
          uploadOptions: { uploadCondition: 'taskcompletion' },
        },
      ],
    });
    expect(parent.executionInfo).toMatchObject({ exitCode: 0, result: 'failure' });
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'child', commandLine: 'true', dependsOn: { taskIds: ['parent'] } });
    for (let count = 0; count < 2; count++) await runTask(rest, jobId, { commandLine: 'true' });
    expect((await rest.get(`/jobs/${jobId}/tasks/child`)).json.state).toBe(state);
  });
});
