import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '@windrow/batch-emulator';
import { createJob, createPool, jobInState, poolReady, runTask } from './fixtures';
import { Rest } from './rest';

const MINUTE = [{ name: 'SIMULATED_DURATION', value: '60' }];
const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

describe('emulated time that passes faster', () => {
  it('a simulated task of 60 s shows 60 s', async () => {
    const emulator = await startEmulator({ timeScale: 600 });
    const rest = new Rest(emulator);
    const jobId = await createJob(rest, await createPool(rest, { vmSize: 'simulated_d4' }));
    const { executionInfo } = await runTask(rest, jobId, { commandLine: 'x', environmentSettings: MINUTE });
    expect(Math.round(seconds(executionInfo.startTime, executionInfo.endTime))).toBe(60);
    await emulator.close();
  });

  it('a time limit on a simulated task strikes after that much emulated time', async () => {
    const emulator = await startEmulator({ timeScale: 600 });
    const rest = new Rest(emulator);
    const jobId = await createJob(rest, await createPool(rest, { vmSize: 'simulated_d4' }));
    const constraints = { maxWallClockTime: 'PT30S' };
    const task = await runTask(rest, jobId, { commandLine: 'x', environmentSettings: MINUTE, constraints });
    expect(task.executionInfo.failureInfo.code).toBe('TaskEnded');
    expect(Math.round(seconds(task.executionInfo.startTime, task.executionInfo.endTime))).toBe(30);
    await emulator.close();
  });

  it('real processes keep their speed, and so do their time limits', async () => {
    const emulator = await startEmulator({ timeScale: 600 });
    const rest = new Rest(emulator);
    const jobId = await createJob(rest, await createPool(rest));
    const constraints = { maxWallClockTime: 'PT30S' };
    const task = await runTask(rest, jobId, { commandLine: 'sleep 0.3', constraints });
    expect(task.executionInfo).toMatchObject({ result: 'success', exitCode: 0 });
    expect(seconds(task.executionInfo.startTime, task.executionInfo.endTime)).toBeGreaterThan(150);
    await emulator.close();
  });

  it('limits of preparation and release tasks are in real time where their processes are', async () => {
    const emulator = await startEmulator({ timeScale: 600 });
    const rest = new Rest(emulator);
    const jobId = await createJob(rest, await createPool(rest), {
      jobPreparationTask: { commandLine: 'sleep 0.3', constraints: { maxWallClockTime: 'PT30S' } },
      jobReleaseTask: { commandLine: 'sleep 0.3', maxWallClockTime: 'PT30S' },
    });
    await runTask(rest, jobId, { commandLine: 'true' });
    await rest.post(`/jobs/${jobId}/terminate`);
    await jobInState(rest, jobId, 'completed');
    const [entry] = (await rest.get(`/jobs/${jobId}/jobpreparationandreleasetaskstatus`)).json.value;
    expect(entry.jobPreparationTaskExecutionInfo).toMatchObject({ result: 'success', exitCode: 0 });
    expect(entry.jobReleaseTaskExecutionInfo).toMatchObject({ result: 'success', exitCode: 0 });
    await emulator.close();
  });

  it('the time limit of a job counts from its creation, also after a restart', async () => {
    const location = await mkdtemp(path.join(tmpdir(), 'emulator-time-'));
    const first = await startEmulator({ location, timeScale: 600 });
    const rest = new Rest(first);
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    await poolReady(rest, poolId);
    const jobId = await createJob(rest, poolId, { constraints: { maxWallClockTime: 'PT1H' } });
    const environmentSettings = [{ name: 'SIMULATED_DURATION', value: '1200' }];
    await runTask(rest, jobId, { commandLine: 'x', environmentSettings });
    await first.close();
    const second = await startEmulator({ location, timeScale: 600 });
    const job = await jobInState(new Rest(second), jobId, 'completed');
    expect(job.executionInfo.terminateReason).toBe('MaxWallClockTimeExpiry');
    const lived = Math.round(seconds(job.creationTime, job.executionInfo.endTime));
    expect(lived).toBeGreaterThanOrEqual(3600);
    expect(lived).toBeLessThan(4800);
    await second.close();
    await rm(location, { recursive: true, force: true });
  });

  it('does not go back after a restart', async () => {
    const location = await mkdtemp(path.join(tmpdir(), 'emulator-time-'));
    const first = await startEmulator({ location, timeScale: 10_000 });
    const rest = new Rest(first);
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    await poolReady(rest, poolId);
    const jobId = await createJob(rest, poolId);
    const ran = await runTask(rest, jobId, {
      commandLine: 'x',
      environmentSettings: [{ name: 'SIMULATED_DURATION', value: '7200' }],
    });
    await first.close();
    const second = await startEmulator({ location });
    const later = new Rest(second);
    const id = await createPool(later, { vmSize: 'simulated_d4' });
    const { creationTime } = (await later.get(`/pools/${id}`)).json;
    expect(Date.parse(creationTime)).toBeGreaterThanOrEqual(Date.parse(ran.executionInfo.endTime));
    await second.close();
    await rm(location, { recursive: true, force: true });
  });
});
