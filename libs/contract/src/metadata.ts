/** Names of the metadata items on every Batch resource Windrow creates; the sweeper goes by them. */
export const ResourceTag = {
  owner: 'windrow:owner',
  workspace: 'windrow:workspace',
  experiment: 'windrow:experiment',
  jobUid: 'windrow:jobUid',
  workflowId: 'windrow:workflowId',
  expires: 'windrow:expires',
  /** Which installation created it: several may share a Batch account, and each sweeps behind itself only. */
  deployment: 'windrow:deployment',
  /** `true`: the customer wants it to outlive its job (`cleanup`), and deletes it. */
  keep: 'windrow:keep',
} as const;

/** Value of {@link ResourceTag.owner}. */
export const OWNER = 'windrow';

/** Environment every task gets. */
export const TaskVariable = {
  job: 'WINDROW_JOB',
  taskIndex: 'WINDROW_TASK_INDEX',
  attempt: 'WINDROW_ATTEMPT',
  item: 'WINDROW_ITEM',
} as const;
