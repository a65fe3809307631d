import { field, model, full, inert, missed, partial, type ModelEntry } from './entry';

/** Request bodies that describe a pool, apart from its virtual machines. */
export const POOL_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchPoolCreateOptions BatchPoolSpecification BatchPoolUpdateOptions BatchPoolReplaceOptions',
    field('id displayName', full('pools: fills in the defaults the service shows')),
    field(
      'vmSize',
      partial(
        'cores are read off the name; any name that looks like a size of Azure passes, in every region',
        'statistics: %j is no VM size',
        'core-quotas: allow as many nodes as they have cores for, and an error says that more were wanted',
      ),
    ),
    field(
      'resizeTimeout',
      full('resize-time: a resize that takes longer than its timeout ends with an error, and its nodes stay'),
    ),
    field(
      'targetDedicatedNodes targetLowPriorityNodes',
      full(
        'pools: a new pool is resizing first, then steady with its nodes',
        'core-quotas: are apart for low-priority nodes',
      ),
    ),
    field(
      'enableAutoScale autoScaleEvaluationInterval',
      full(
        'autoscale: a pool is created with the size that its formula says',
        'autoscale-time: is evaluated again after each interval',
      ),
    ),
    field(
      'autoScaleFormula',
      partial(
        'metrics of memory, disks and networks are zero, and busy slots stand for busy processors',
        'autoscale: a pool cannot be created with %s',
        'autoscale-time: a pool grows with the work that its samples show, and shrinks when it is done',
      ),
    ),
    field('enableInterNodeCommunication', full('multi-instance: stay active in a pool that does not provide for them')),
    field('taskSlotsPerNode', full('statistics: %s with %i task slots per node answers %i')),
    field(
      'resourceTags targetNodeCommunicationMode applicationLicenses',
      inert('nothing outside of the account sees them'),
    ),
    field('certificateReferences', missed('certificates are not installed on nodes')),
    field('cloudServiceConfiguration', missed('the pool is made as one of virtual machines')),
    field('identity', missed('nodes have no managed identity')),
  ),
  model(
    'NetworkConfiguration',
    field('subnetId', missed('nodes are on this machine, in no virtual network')),
    field('dynamicVNetAssignmentScope enableAcceleratedNetworking', inert('nodes are on this machine')),
  ),
  model(
    'BatchInboundNatPool',
    field(
      'name protocol backendPort frontendPortRangeStart',
      partial(
        'shown as endpoints of the nodes; nothing listens there',
        'node-access: shows what a node is before and after its first boot',
      ),
    ),
    field('frontendPortRangeEnd', inert('the range is not checked for room')),
  ),
  model(
    'NetworkSecurityGroupRule',
    field('priority access sourceAddressPrefix sourcePortRanges', inert('no traffic passes')),
  ),
  model(
    'BatchPublicIpAddressConfiguration',
    field('provision', missed('nodes have no public addresses')),
    field('ipFamilies ipAddressIds', inert('nodes have no public addresses')),
  ),
  model('IPTag', field('ipTagType tag', inert('nodes have no public addresses'))),
  model(
    'BatchTaskSchedulingPolicy',
    field('jobDefaultOrder', full('multi-instance: equal jobs take turns, unless the pool wants the older one first')),
    field('nodeFillType', full('placement: nodeFillType %s puts two tasks on %i nodes')),
  ),
  model(
    'UserAccount',
    field(
      'name password elevationLevel',
      partial(
        'shown without the password; commands run as the user of the emulator',
        'resize: user accounts of Windows pools log in as a batch, and no account shows its password',
      ),
    ),
  ),
  model('LinuxUserConfiguration', field('uid gid sshPrivateKey', inert('commands run as the user of the emulator'))),
  model('WindowsUserConfiguration', field('loginMode', inert('shown, with the default of the service'))),
  model('UserIdentity', field('username', missed('commands run as the user of the emulator'))),
  model(
    'AutoUserSpecification',
    field('elevationLevel', missed('commands run as the user of the emulator')),
    field('scope', inert('commands run as the user of the emulator')),
  ),
  model(
    'AzureBlobFileSystemConfiguration',
    field(
      'accountName containerName relativeMountPath',
      partial(
        'a folder of this machine stands for the container; what is written does not become blobs',
        'mounts: is seen by the tasks of all nodes, and outlives the pool',
        'mounts: refuses %s',
      ),
    ),
    field('accountKey sasKey blobfuseOptions', inert('nothing is asked of the storage account; keys are never shown')),
  ),
  model(
    'AzureFileShareConfiguration',
    field(
      'azureFileUrl relativeMountPath',
      partial(
        'a folder of this machine stands for the share',
        'mounts: is seen by the tasks of all nodes, and outlives the pool',
      ),
    ),
    field('accountName accountKey', inert('nothing is asked of the storage account; keys are never shown')),
    field('mountOptions', missed('the folder can always be read and written')),
  ),
  model(
    'CifsMountConfiguration',
    field(
      'source relativeMountPath',
      partial(
        'a folder of this machine stands for the share',
        'mounts: is seen by the tasks of all nodes, and outlives the pool',
      ),
    ),
    field('username password', inert('nothing is asked of the server; passwords are never shown')),
    field('mountOptions', missed('the folder can always be read and written')),
  ),
  model(
    'NfsMountConfiguration',
    field(
      'source relativeMountPath',
      partial(
        'a folder of this machine stands for the share',
        'mounts: is seen by the tasks of all nodes, and outlives the pool',
      ),
    ),
    field('mountOptions', missed('the folder can always be read and written')),
  ),
  model(
    'BatchApplicationPackageReference',
    field(
      'applicationId version',
      full(
        'packages: packages of the pool are there before the start task, with variables in the form of Linux',
        'packages: refuses %s on pool and task',
      ),
    ),
  ),
  model(
    'BatchMetadataItem',
    field('name value', full('pools: PATCH changes what is given and the ETag; resizing keeps the ETag')),
  ),
  model(
    'BatchStartTask',
    field(
      'commandLine maxTaskRetryCount waitForSuccess',
      full(
        'pools: runs the start task with its environment before any task',
        'pools: a start task that fails after its retries leaves the node without tasks, its output readable',
      ),
    ),
  ),
];
