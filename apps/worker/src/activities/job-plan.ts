import type { JobPlan, JobSpec, PlanSummary, WorkspaceQuotas } from '@windrow/contract';
import { completeCleanup, completeExecution, completePool, limitsJobs, taskSlots } from '@windrow/contract';

/** What the workflow gets to know of a plan: counts, and the small parts of the specification. */
export function jobPlan(spec: JobSpec, plan: PlanSummary, quotas: WorkspaceQuotas): JobPlan {
  return {
    items: plan.items,
    tasks: plan.tasks,
    shards: plan.shards,
    ...(spec.displayName !== undefined && { displayName: spec.displayName }),
    labels: spec.labels ?? {},
    requiredSlots: taskSlots(spec.task),
    ...(spec.task.instances !== undefined && { instances: spec.task.instances }),
    dependencies: (spec.task.dependsOn ?? []).length > 0,
    pool: completePool(spec),
    execution: completeExecution(spec.execution),
    gather: spec.gather ?? { kind: 'manifest' },
    cleanup: completeCleanup(spec),
    ...(limitsJobs(quotas) && { limited: true }),
  };
}
