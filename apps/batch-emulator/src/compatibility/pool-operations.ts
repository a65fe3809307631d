import { full, operation, partial, type OperationEntry } from './entry';

/** Operations on pools, nodes and what belongs to the account. */
export const POOL_OPERATIONS: readonly OperationEntry[] = [
  operation(
    'PoolAdd',
    'POST /pools',
    full(
      'pools: fills in the defaults the service shows',
      'pools: a new pool is resizing first, then steady with its nodes',
    ),
  ),
  operation(
    'PoolList',
    'GET /pools',
    full(
      'conventions: refuses filters with unknown properties or bad syntax',
      'versions: the same in a list, and below the automatic pool of a job',
    ),
  ),
  operation(
    'PoolDelete',
    'DELETE /pools/{poolId}',
    full('pools: delete passes through deleting, refuses changes meanwhile, and leaves the jobs'),
  ),
  operation('PoolExists', 'HEAD /pools/{poolId}', full('pools: HEAD says whether a pool exists')),
  operation('PoolGet', 'GET /pools/{poolId}', full('pools: fills in the defaults the service shows')),
  operation(
    'PoolPatch',
    'PATCH /pools/{poolId}',
    full(
      'pools: PATCH changes what is given and the ETag; resizing keeps the ETag',
      'resize: PATCH changes %s only while the pool is empty',
    ),
  ),
  operation(
    'PoolDisableAutoScale',
    'POST /pools/{poolId}/disableautoscale',
    full('autoscale: enable takes effect at once, evaluate shows without applying, disable keeps size and ETag'),
  ),
  operation(
    'PoolEnableAutoScale',
    'POST /pools/{poolId}/enableautoscale',
    full(
      'autoscale: is enabled at most every 30 seconds',
      'autoscale: cannot be enabled during a resize, nor without a formula',
    ),
  ),
  operation(
    'PoolEvaluateAutoScale',
    'POST /pools/{poolId}/evaluateautoscale',
    full('autoscale: a formula that cannot be evaluated is reported in a 200, with what is in force'),
  ),
  operation(
    'PoolRemoveNodes',
    'POST /pools/{poolId}/removenodes',
    full('pools: removes chosen nodes', 'resize: removenodes takes 1 to 100 nodes of the pool, while it is steady'),
  ),
  operation(
    'PoolResize',
    'POST /pools/{poolId}/resize',
    full('pools: resizes only while steady, and not with a timeout below five minutes'),
  ),
  operation(
    'PoolStopResize',
    'POST /pools/{poolId}/stopresize',
    full('pools: stopresize ends a resize with an error that says so', 'resize: stopresize needs a resize'),
  ),
  operation(
    'PoolUpdateProperties',
    'POST /pools/{poolId}/updateproperties',
    full('resize: updateproperties removes what is left out, and shows the communication mode from then on'),
  ),
  operation(
    'ComputeNodeList',
    'GET /pools/{poolId}/nodes',
    full('pools: a new pool is resizing first, then steady with its nodes'),
  ),
  operation(
    'ComputeNodeGet',
    'GET /pools/{poolId}/nodes/{nodeId}',
    full('node-access: shows what a node is before and after its first boot'),
  ),
  operation(
    'ComputeNodeDeallocate',
    'POST /pools/{poolId}/nodes/{nodeId}/deallocate',
    full('nodes: deallocate leaves a node without files in the pool, start brings it up again'),
  ),
  operation(
    'ComputeNodeDisableScheduling',
    'POST /pools/{poolId}/nodes/{nodeId}/disablescheduling',
    full('nodes: disablescheduling requeues by default, and the node rests offline until it is enabled'),
  ),
  operation(
    'ComputeNodeEnableScheduling',
    'POST /pools/{poolId}/nodes/{nodeId}/enablescheduling',
    full('nodes: disablescheduling requeues by default, and the node rests offline until it is enabled'),
  ),
  operation(
    'ComputeNodeExtensionList',
    'GET /pools/{poolId}/nodes/{nodeId}/extensions',
    partial(
      'extensions are shown as installed; nothing is installed',
      'node-access: shows what a node is before and after its first boot',
    ),
  ),
  operation(
    'ComputeNodeExtensionGet',
    'GET /pools/{poolId}/nodes/{nodeId}/extensions/{extensionName}',
    partial('as the list', 'node-access: shows what a node is before and after its first boot'),
  ),
  operation(
    'ComputeNodeReboot',
    'POST /pools/{poolId}/nodes/{nodeId}/reboot',
    full('nodes: reboot keeps the files and runs the start task again'),
  ),
  operation(
    'ComputeNodeReimage',
    'POST /pools/{poolId}/nodes/{nodeId}/reimage',
    full('nodes: reimage empties the node, and runs the start task again'),
  ),
  operation(
    'ComputeNodeGetRemoteDesktop',
    'GET /pools/{poolId}/nodes/{nodeId}/rdp',
    partial('the address is given; nothing listens there', 'node-access: tells where to log in'),
  ),
  operation(
    'ComputeNodeGetRemoteLoginSettings',
    'GET /pools/{poolId}/nodes/{nodeId}/remoteloginsettings',
    partial('the address is given; nothing listens there', 'node-access: tells where to log in'),
  ),
  operation(
    'ComputeNodeStart',
    'POST /pools/{poolId}/nodes/{nodeId}/start',
    full('nodes: deallocate leaves a node without files in the pool, start brings it up again'),
  ),
  operation(
    'ComputeNodeUploadBatchServiceLogs',
    'POST /pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs',
    partial(
      'the logs are what the emulator knows of the node and its pool',
      'service-logs: go to the container, below a directory that the answer names',
    ),
  ),
  operation(
    'ComputeNodeAddUser',
    'POST /pools/{poolId}/nodes/{nodeId}/users',
    partial('users are kept, and nobody can log in', 'node-access: users come and go, their passwords never come back'),
  ),
  operation(
    'ComputeNodeDeleteUser',
    'DELETE /pools/{poolId}/nodes/{nodeId}/users/{userName}',
    full('node-access: users come and go, their passwords never come back'),
  ),
  operation(
    'ComputeNodeUpdateUser',
    'PUT /pools/{poolId}/nodes/{nodeId}/users/{userName}',
    partial(
      'users are kept, and nobody can log in',
      'node-access: users have names of at most 20 characters, and end when they expire',
    ),
  ),
  operation(
    'FileListFromComputeNode',
    'GET /pools/{poolId}/nodes/{nodeId}/files',
    full('files: reads the same file through the node'),
  ),
  operation(
    'FileDeleteFromComputeNode',
    'DELETE /pools/{poolId}/nodes/{nodeId}/files/{filePath...}',
    full('node-files: DELETE takes a directory that is not empty only with recursive'),
  ),
  operation(
    'FileGetFromComputeNode',
    'GET /pools/{poolId}/nodes/{nodeId}/files/{filePath...}',
    full('files: reads the same file through the node'),
  ),
  operation(
    'FileGetPropertiesFromComputeNode',
    'HEAD /pools/{poolId}/nodes/{nodeId}/files/{filePath...}',
    full('node-files: HEAD gives the properties, of directories as well'),
  ),
  operation(
    'AccountListSupportedImages',
    'GET /supportedimages',
    partial('a few images of the many of Azure', 'pools: lists supported images'),
  ),
  operation(
    'AccountListPoolNodeCounts',
    'GET /nodecounts',
    full('nodes: counters of node states follow the api-version'),
  ),
  operation(
    'PoolListUsageMetrics',
    'GET /poolusagemetrics',
    full(
      'statistics: usage metrics are a list, and end after they start',
      'usage: count core hours by half hour, and outlive the pool and the emulator',
    ),
  ),
  operation(
    'ApplicationList',
    'GET /applications',
    full('packages: the Batch service lists what nodes can be given, and nothing else'),
  ),
  operation(
    'ApplicationGet',
    'GET /applications/{applicationId}',
    full('packages: the Batch service lists what nodes can be given, and nothing else'),
  ),
  operation(
    'CertificateAdd',
    'POST /certificates',
    partial('certificates are kept, and no node gets them', 'certificates: are added, listed, read and deleted'),
  ),
  operation('CertificateList', 'GET /certificates', full('certificates: are added, listed, read and deleted')),
  operation(
    'CertificateCancelDeletion',
    'POST /certificates({certificate})/canceldelete',
    partial(
      'no deletion ever fails here, so there is none to cancel',
      'certificates: are added, listed, read and deleted',
    ),
  ),
  operation(
    'CertificateDelete',
    'DELETE /certificates({certificate})',
    full('certificates: are added, listed, read and deleted'),
  ),
  operation(
    'CertificateGet',
    'GET /certificates({certificate})',
    full('certificates: are added, listed, read and deleted'),
  ),
  operation(
    'JobGetAllLifetimeStatistics',
    'GET /lifetimejobstats',
    full('versions: a lifetime statistic is retired where it still is an operation'),
  ),
  operation(
    'PoolGetAllLifetimeStatistics',
    'GET /lifetimepoolstats',
    full('versions: %s %s is a resource only in the versions that have it'),
  ),
];
