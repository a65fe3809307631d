import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import type { ChangeReport } from '@windrow/batch';
import { type AuditRecord, subjectOfWorkflow, WORKER_PRINCIPAL } from '@windrow/contract';
import type { AuditLog } from '@windrow/storage';

/** How long a line waits for others: a job of a million tasks is 10,000 lines, and far fewer appends. Milliseconds. */
export const AUDIT_GATHER_MS = 1000;

/** Told of each line that was lost, and how many were so far. */
export type AuditLost = (record: AuditRecord, lost: number, error: unknown) => void;

/**
 * Writes what the worker changes in the Batch account to the audit log, a line a call, in its own time: no job waits
 * for its audit log, or fails because of it. What was not yet stored when the worker dies is lost.
 */
export function auditBatch(audit: AuditLog, onLost: AuditLost): (report: ChangeReport) => void {
  let lost = 0;
  return (report) => {
    const record = recordOf(report);
    audit.append(record).catch((error: unknown) => onLost(record, (lost += 1), error));
  };
}

function recordOf({ operation, method, path, attempts, ...rest }: ChangeReport): AuditRecord {
  const workflowId = currentWorkflow();
  const { workspace } = subjectOfWorkflow(workflowId ?? '');
  return {
    id: randomUUID(),
    time: new Date().toISOString(),
    source: 'batch',
    principal: WORKER_PRINCIPAL,
    method,
    operation,
    resource: path,
    ...(workspace !== undefined && { workspace }),
    ...rest,
    ...(workflowId !== undefined && { workflowId }),
    ...(attempts > 1 && { attempts }),
  };
}

/** The workflow whose activity makes the call; it travels with the asynchronous call, so nothing has to be handed on. */
function currentWorkflow(): string | undefined {
  try {
    return activityInfo().workflowExecution?.workflowId;
  } catch {
    return undefined;
  }
}
