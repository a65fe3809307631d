import type { BatchTask } from '@windrow/batch';
import { ledgerEntry } from './outcome';

function completed(executionInfo: Partial<NonNullable<BatchTask['executionInfo']>>): BatchTask {
  return {
    id: '00000012',
    eTag: '',
    lastModified: '',
    creationTime: '',
    state: 'completed',
    stateTransitionTime: '',
    commandLine: 'x',
    nodeInfo: { nodeId: 'n1' },
    executionInfo: {
      retryCount: 1,
      requeueCount: 0,
      startTime: '2026-01-01T00:00:00Z',
      endTime: '2026-01-01T00:00:10Z',
      ...executionInfo,
    },
  };
}

const failure = (code: string, category: 'usererror' | 'servererror' = 'usererror') =>
  completed({
    result: 'failure',
    failureInfo: { category, code, message: 'm', details: [{ name: 'Path', value: 'a' }] },
  });

describe('the ledger line of a completed task', () => {
  it('of a success has no failure in it', () => {
    expect(ledgerEntry(completed({ result: 'success', exitCode: 0 }), 3, 60_000)).toEqual({
      task: 12,
      attempt: 3,
      outcome: 'succeeded',
      exitCode: 0,
      startTime: '2026-01-01T00:00:00Z',
      endTime: '2026-01-01T00:00:10Z',
      node: 'n1',
      batchRetries: 1,
    });
  });

  it('goes by the result, not the exit code: an upload may fail after exit 0', () => {
    const task = completed({
      result: 'failure',
      exitCode: 0,
      failureInfo: { category: 'usererror', code: 'FileUploadContainerNotFound' },
    });
    expect(ledgerEntry(task, 1, 60_000)).toMatchObject({ outcome: 'failed', category: 'upload', exitCode: 0 });
  });

  it.each([
    ['FailureExitCode', 'exitCode'],
    ['BlobNotFound', 'staging'],
    ['CommandProgramNotFound', 'launch'],
    ['TaskEnded', 'terminated'],
  ])('%s is of category %s', (code, category) => {
    expect(ledgerEntry(failure(code), 1, 60_000)).toMatchObject({ code, category, message: 'm · Path: a' });
  });

  it('tells an attempt that reached its time limit from one that somebody ended', () => {
    expect(ledgerEntry(failure('TaskEnded'), 1, 10_000).category).toBe('timeout');
    expect(ledgerEntry(failure('TaskEnded'), 1, 10_001).category).toBe('terminated');
  });

  it('puts an unknown code on the service when Batch says it was a server error', () => {
    expect(ledgerEntry(failure('Mystery', 'servererror'), 1, 60_000).category).toBe('service');
    expect(ledgerEntry(failure('Mystery'), 1, 60_000).category).toBe('launch');
  });
});
