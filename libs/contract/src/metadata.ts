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
  /** Of a task that fetches a part of a blob; the link is taken away before the command runs. */
  rangeLink: 'WINDROW_RANGE_LINK',
  rangeEtag: 'WINDROW_RANGE_ETAG',
  /** First and last byte of the header line and of the rows, as in `0-9`. */
  rangeHeader: 'WINDROW_RANGE_HEADER',
  rangeRows: 'WINDROW_RANGE_ROWS',
  /** The file they become, and its size. */
  rangePath: 'WINDROW_RANGE_PATH',
  rangeBytes: 'WINDROW_RANGE_BYTES',
} as const;
