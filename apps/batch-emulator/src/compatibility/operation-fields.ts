import { field, model, full, inert, partial, type ModelEntry } from './entry';

/** Request bodies of operations on pools, nodes and certificates. */
export const OPERATION_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchPoolResizeOptions',
    field(
      'targetDedicatedNodes targetLowPriorityNodes resizeTimeout nodeDeallocationOption',
      full(
        'pools: resizes only while steady, and not with a timeout below five minutes',
        'resize: terminate completes the tasks of leaving nodes',
        'resize: retaineddata keeps nodes until the retention time of their tasks is over',
      ),
    ),
  ),
  model(
    'BatchNodeRemoveOptions',
    field(
      'nodeList resizeTimeout nodeDeallocationOption',
      full(
        'pools: removes chosen nodes',
        'resize: removenodes with taskcompletion waits for the tasks of the chosen node',
      ),
    ),
  ),
  model(
    'BatchPoolEnableAutoScaleOptions BatchPoolEvaluateAutoScaleOptions',
    field(
      'autoScaleEvaluationInterval',
      full('autoscale: enable takes effect at once, evaluate shows without applying, disable keeps size and ETag'),
    ),
    field(
      'autoScaleFormula',
      partial(
        'metrics of memory, disks and networks are zero, and busy slots stand for busy processors',
        'autoscale: enable takes effect at once, evaluate shows without applying, disable keeps size and ETag',
      ),
    ),
  ),
  model(
    'BatchNodeDeallocateOptions',
    field(
      'nodeDeallocateOption',
      full(
        'nodes: requeue runs the task again and counts it',
        'nodes: retaineddata waits for the retention time of completed tasks as well',
      ),
    ),
  ),
  model(
    'BatchNodeRebootOptions',
    field(
      'nodeRebootOption',
      full(
        'nodes: requeue runs the task again and counts it',
        'nodes: retaineddata waits for the retention time of completed tasks as well',
      ),
    ),
  ),
  model(
    'BatchNodeReimageOptions',
    field(
      'nodeReimageOption',
      full(
        'nodes: requeue runs the task again and counts it',
        'nodes: retaineddata waits for the retention time of completed tasks as well',
      ),
    ),
  ),
  model(
    'BatchNodeDisableSchedulingOptions',
    field(
      'nodeDisableSchedulingOption',
      full('nodes: disablescheduling with taskcompletion lets the task end, with terminate it does not'),
    ),
  ),
  model(
    'BatchNodeUserCreateOptions BatchNodeUserReplaceOptions',
    field(
      'name isAdmin expiryTime',
      partial(
        'users are kept until they expire, and nobody can log in',
        'node-access: users have names of at most 20 characters, and end when they expire',
      ),
    ),
    field('password sshPublicKey', inert('nobody can log in; secrets are not kept')),
  ),
  model(
    'UploadBatchServiceLogsOptions',
    field(
      'containerUrl startTime endTime',
      full(
        'service-logs: go to the container, below a directory that the answer names',
        'service-logs: of a period in which nothing happened are none',
      ),
    ),
  ),
  model(
    'BatchCertificate',
    field(
      'thumbprint thumbprintAlgorithm data certificateFormat',
      partial(
        'kept and listed; no node gets them; a pfx is not opened',
        'certificates: are added, listed, read and deleted',
        'certificates: a body with %j is refused',
      ),
    ),
    field('password', inert('a pfx is not opened')),
  ),
];
