import { field, model, full, missed, partial, type ModelEntry } from './entry';

/** Request bodies that describe tasks, and parts of all commands. */
export const TASK_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchTaskCreateOptions',
    field(
      'id displayName commandLine',
      full(
        'tasks: fills in the defaults of a fresh task',
        'tasks: runs a command without a shell, quotes respected, in wd, and keeps its output',
      ),
    ),
    field('requiredSlots', full('tasks: requiredSlots are honoured and counted')),
    field('authenticationTokenSettings', missed('tasks get no token for the Batch service')),
  ),
  model(
    'BatchTask',
    field(
      'id displayName url eTag lastModified creationTime exitConditions state stateTransitionTime previousState previousStateTransitionTime commandLine containerSettings resourceFiles outputFiles environmentSettings affinityInfo requiredSlots userIdentity executionInfo nodeInfo multiInstanceSettings stats dependsOn applicationPackageReferences authenticationTokenSettings',
      full('tasks: PUT changes constraints of a task that is not completed'),
    ),
  ),
  model(
    'BatchTaskConstraints',
    field(
      'maxWallClockTime maxTaskRetryCount',
      full(
        'tasks: maxWallClockTime kills the command with all its children',
        'tasks: retries a non-zero exit code as often as allowed',
      ),
    ),
    field(
      'retentionTime',
      partial(
        'not for job preparation tasks, whose files stay until the job or the node goes',
        'retention: files go when their retention time is over; the task still says where it ran',
      ),
    ),
  ),
  model(
    'BatchTaskContainerSettings',
    field(
      'imageName containerRunOptions workingDirectory',
      partial(
        'without a container engine the command runs on this machine, and the log says so',
        'containers: run in a container where there is an engine: node mounted, environment passed, own working directory',
        'containers: run on the host where there is none: the log says so, the output does not',
      ),
    ),
  ),
  model(
    'ContainerHostBatchBindMountEntry',
    field(
      'source isReadOnly',
      full(
        'containers: run in a container where there is an engine: node mounted, environment passed, own working directory',
      ),
    ),
  ),
  model(
    'EnvironmentSetting',
    field(
      'name value',
      full('tasks: gives the command the variables of Batch, the job and the task, and nothing secret'),
    ),
  ),
  model(
    'BatchAffinityInfo',
    field('affinityId', full('placement: affinityInfo prefers a node that has room, and no more than prefers')),
  ),
  model(
    'BatchTaskDependencies',
    field('taskIds', full('dependencies: run when all of them have succeeded, also those that were added later')),
  ),
  model(
    'BatchTaskIdRange',
    field('start end', full('dependencies: a range takes in both ends, and ids with leading zeros')),
  ),
  model('ExitCodeMapping', field('code', full('dependencies: %s'))),
  model('ExitCodeRangeMapping', field('start end', full('dependencies: %s'))),
  model(
    'ExitOptions',
    field(
      'jobAction dependencyAction',
      full(
        'dependencies: disables it, running tasks back to active',
        'dependencies: a command that never starts counts by preProcessingError',
      ),
    ),
  ),
  model(
    'MultiInstanceSettings',
    field(
      'numberOfInstances coordinationCommandLine',
      full(
        'multi-instance: run their coordination command on every node, then the command on the first',
        'multi-instance: take one slot of a node, and have at least one instance',
      ),
    ),
  ),
  model(
    'ResourceFile',
    field('httpUrl filePath fileMode', full('staging: a single file goes where it is told, with its mode')),
    field(
      'storageContainerUrl blobPrefix',
      full('staging: a container comes with its structure, narrowed by a prefix'),
    ),
    field('autoStorageContainerName', full('packages: resource files may name a container of auto storage')),
  ),
  model(
    'OutputFile',
    field('filePattern', full('staging: outputs go up by pattern, keeping the structure behind the fixed part')),
  ),
  model(
    'OutputFileBlobContainerDestination',
    field(
      'path containerUrl',
      full(
        'staging: outputs go up by pattern, keeping the structure behind the fixed part',
        'staging: a missing container fails the task although its exit code is 0',
      ),
    ),
  ),
  model(
    'OutputFileUploadConfiguration',
    field('uploadCondition', full('staging: conditions look at the exit code of the last attempt')),
  ),
  model('OutputFileUploadHeader', field('name value', full('staging: headers are passed on'))),
];
