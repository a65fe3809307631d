/** From what Batch says of a completed task to a line of the ledger. */
import type { BatchTask } from '@windrow/batch';
import type { FailureCategory, LedgerEntry } from '@windrow/contract';
import { taskIndexOf } from '@windrow/contract';

/**
 * Categories by Batch's failure code. Codes are those of the Batch REST reference, "Task failure information"; a code
 * that is not listed here is the service's own fault when its category says so, and the launch's otherwise.
 */
const CATEGORY: Record<string, FailureCategory> = {
  FailureExitCode: 'exitCode',
  BlobNotFound: 'staging',
  BlobAccessDenied: 'staging',
  BlobDownloadTimedOut: 'staging',
  BlobDownloadMiscError: 'staging',
  ResourceDirectoryCreateFailed: 'staging',
  ResourceFileCreateFailed: 'staging',
  ResourceFileWriteFailed: 'staging',
  ApplicationPackageError: 'staging',
  DiskFull: 'staging',
  CommandProgramNotFound: 'launch',
  CommandLaunchFailed: 'launch',
  ContainerInvalidSettings: 'launch',
  TaskSchedulingConstraintFailed: 'launch',
  FileUploadContainerNotFound: 'upload',
  FileUploadAccessDenied: 'upload',
  FileUploadMiscError: 'upload',
  TaskEnded: 'terminated',
};

/** `timeoutMs` tells an attempt killed at its limit from one ended by somebody: Batch gives both `TaskEnded`. */
export function ledgerEntry(task: BatchTask, attempt: number, timeoutMs: number): LedgerEntry {
  const info = task.executionInfo;
  const entry: LedgerEntry = {
    task: taskIndexOf(task.id),
    attempt,
    outcome: info?.result === 'success' ? 'succeeded' : 'failed',
    batchRetries: info?.retryCount ?? 0,
    ...(info?.exitCode !== undefined && { exitCode: info.exitCode }),
    ...(info?.startTime !== undefined && { startTime: info.startTime }),
    ...(info?.endTime !== undefined && { endTime: info.endTime }),
    ...(task.nodeInfo?.nodeId !== undefined && { node: task.nodeInfo.nodeId }),
  };
  if (entry.outcome === 'succeeded') return entry;
  const failure = info?.failureInfo;
  const code = failure?.code ?? 'Unknown';
  return {
    ...entry,
    code,
    category: categoryOf(code, failure?.category, durationOf(entry) >= timeoutMs),
    message: [failure?.message, ...(failure?.details ?? []).map((pair) => `${pair.name}: ${pair.value}`)]
      .filter((part) => part !== undefined)
      .join(' · ')
      .slice(0, 1000),
  };
}

function categoryOf(code: string, batchCategory: string | undefined, overLimit: boolean): FailureCategory {
  if (code === 'TaskEnded' && overLimit) return 'timeout';
  return CATEGORY[code] ?? (batchCategory?.toLowerCase() === 'servererror' ? 'service' : 'launch');
}

/** Milliseconds between start and end; 0 when it never ran. */
export function durationOf({ startTime, endTime }: Pick<LedgerEntry, 'startTime' | 'endTime'>): number {
  if (startTime === undefined || endTime === undefined) return 0;
  return Math.max(0, Date.parse(endTime) - Date.parse(startTime));
}
