/**
 * The shapes of request bodies, as listed in the Azure Batch REST reference (2025-06-01), plus properties that other
 * api-versions of the superset have. `!` marks a required property, `[]` a list; `any` is accepted as it comes.
 */
export const MODELS = {
  AutoUserSpecification: 'scope:AutoUserScope, elevationLevel:ElevationLevel',
  AutomaticOsUpgradePolicy:
    'disableAutomaticRollback:bool, enableAutomaticOSUpgrade:bool, useRollingUpgradePolicy:bool, osRollingUpgradeDeferral:bool',
  AzureBlobFileSystemConfiguration:
    'accountName!:str, containerName!:str, accountKey:str, sasKey:str, blobfuseOptions:str, relativeMountPath!:str, identityReference:BatchNodeIdentityReference',
  AzureFileShareConfiguration:
    'accountName!:str, accountKey!:str, azureFileUrl!:str, relativeMountPath!:str, mountOptions:str',
  BatchAffinityInfo: 'affinityId!:str',
  BatchApplicationPackageReference: 'applicationId!:str, version:str',
  BatchAutoPoolSpecification:
    'autoPoolIdPrefix:str, poolLifetimeOption!:BatchPoolLifetimeOption, keepAlive:bool, pool:BatchPoolSpecification',
  BatchCertificate:
    'thumbprint!:str, thumbprintAlgorithm!:str, data!:str, certificateFormat:CertificateFormat, password:str',
  BatchContainerConfiguration:
    'type!:ContainerType, containerImageNames:str[], containerRegistries:ContainerRegistryReference[]',
  BatchDiffDiskSettings: 'placement:DiffDiskPlacement',
  BatchInboundNatPool:
    'name!:str, protocol!:InboundEndpointProtocol, backendPort!:int, frontendPortRangeStart!:int, frontendPortRangeEnd!:int, networkSecurityGroupRules:NetworkSecurityGroupRule[]',
  BatchJob:
    'id:any, displayName:any, usesTaskDependencies:any, url:any, eTag:any, lastModified:any, creationTime:any, state:any, stateTransitionTime:any, previousState:any, previousStateTransitionTime:any, priority:int, allowTaskPreemption:bool, maxParallelTasks:int, constraints:BatchJobConstraints, jobManagerTask:any, jobPreparationTask:any, jobReleaseTask:any, commonEnvironmentSettings:any, poolInfo!:BatchPoolInfo, onAllTasksComplete:BatchAllTasksCompleteMode, onTaskFailure:any, networkConfiguration:any, metadata:BatchMetadataItem[], executionInfo:any, stats:any',
  BatchJobConstraints: 'maxWallClockTime:dur, maxTaskRetryCount:int',
  BatchJobCreateOptions:
    'id!:str, displayName:str, usesTaskDependencies:bool, priority:int, allowTaskPreemption:bool, maxParallelTasks:int, constraints:BatchJobConstraints, jobManagerTask:BatchJobManagerTask, jobPreparationTask:BatchJobPreparationTask, jobReleaseTask:BatchJobReleaseTask, commonEnvironmentSettings:EnvironmentSetting[], poolInfo!:BatchPoolInfo, onAllTasksComplete:BatchAllTasksCompleteMode, onTaskFailure:BatchTaskFailureMode, networkConfiguration:BatchJobNetworkConfiguration, metadata:BatchMetadataItem[]',
  BatchJobDisableOptions: 'disableTasks!:DisableBatchJobOption',
  BatchJobManagerTask:
    'id!:str, displayName:str, commandLine!:str, containerSettings:BatchTaskContainerSettings, resourceFiles:ResourceFile[], outputFiles:OutputFile[], environmentSettings:EnvironmentSetting[], constraints:BatchTaskConstraints, requiredSlots:int, killJobOnCompletion:bool, userIdentity:UserIdentity, runExclusive:bool, applicationPackageReferences:BatchApplicationPackageReference[], allowLowPriorityNode:bool, authenticationTokenSettings:any',
  BatchJobNetworkConfiguration: 'subnetId!:str, skipWithdrawFromVNet:bool',
  BatchJobPreparationTask:
    'id:str, commandLine!:str, containerSettings:BatchTaskContainerSettings, resourceFiles:ResourceFile[], environmentSettings:EnvironmentSetting[], constraints:BatchTaskConstraints, waitForSuccess:bool, userIdentity:UserIdentity, rerunOnNodeRebootAfterSuccess:bool',
  BatchJobReleaseTask:
    'id:str, commandLine!:str, containerSettings:BatchTaskContainerSettings, resourceFiles:ResourceFile[], environmentSettings:EnvironmentSetting[], maxWallClockTime:dur, retentionTime:dur, userIdentity:UserIdentity',
  BatchJobSchedule:
    'id:any, displayName:any, url:any, eTag:any, lastModified:any, creationTime:any, state:any, stateTransitionTime:any, previousState:any, previousStateTransitionTime:any, schedule:BatchJobScheduleConfiguration, jobSpecification!:BatchJobSpecification, executionInfo:any, metadata:BatchMetadataItem[], stats:any',
  BatchJobScheduleConfiguration: 'doNotRunUntil:dt, doNotRunAfter:dt, startWindow:dur, recurrenceInterval:dur',
  BatchJobScheduleCreateOptions:
    'id!:str, displayName:str, schedule!:BatchJobScheduleConfiguration, jobSpecification!:BatchJobSpecification, metadata:BatchMetadataItem[]',
  BatchJobScheduleUpdateOptions:
    'schedule:BatchJobScheduleConfiguration, jobSpecification:BatchJobSpecification, metadata:BatchMetadataItem[]',
  BatchJobSpecification:
    'priority:int, allowTaskPreemption:bool, maxParallelTasks:int, displayName:str, usesTaskDependencies:bool, onAllTasksComplete:BatchAllTasksCompleteMode, onTaskFailure:BatchTaskFailureMode, networkConfiguration:BatchJobNetworkConfiguration, constraints:BatchJobConstraints, jobManagerTask:BatchJobManagerTask, jobPreparationTask:BatchJobPreparationTask, jobReleaseTask:BatchJobReleaseTask, commonEnvironmentSettings:EnvironmentSetting[], poolInfo!:BatchPoolInfo, metadata:BatchMetadataItem[]',
  BatchJobTerminateOptions: 'terminateReason:str',
  BatchJobUpdateOptions:
    'priority:int, allowTaskPreemption:bool, maxParallelTasks:int, constraints:BatchJobConstraints, poolInfo:BatchPoolInfo, onAllTasksComplete:BatchAllTasksCompleteMode, metadata:BatchMetadataItem[], networkConfiguration:BatchJobNetworkConfiguration',
  BatchMetadataItem: 'name!:str, value!:str',
  BatchNodeDeallocateOptions: 'nodeDeallocateOption:BatchNodeDeallocateOption',
  BatchNodeDisableSchedulingOptions: 'nodeDisableSchedulingOption:BatchNodeDisableSchedulingOption',
  BatchNodeIdentityReference: 'resourceId:str',
  BatchNodePlacementConfiguration: 'policy:BatchNodePlacementPolicyType',
  BatchNodeRebootOptions: 'nodeRebootOption:BatchNodeRebootKind',
  BatchNodeReimageOptions: 'nodeReimageOption:BatchNodeReimageOption',
  BatchNodeRemoveOptions: 'nodeList!:str[], resizeTimeout:dur, nodeDeallocationOption:BatchNodeDeallocationOption',
  BatchNodeUserCreateOptions: 'name!:str, isAdmin:bool, expiryTime:dt, password:str, sshPublicKey:str',
  BatchNodeUserReplaceOptions: 'password:str, expiryTime:dt, sshPublicKey:str',
  BatchOsDisk:
    'ephemeralOSDiskSettings:BatchDiffDiskSettings, caching:CachingType, diskSizeGB:int, managedDisk:ManagedDisk, writeAcceleratorEnabled:bool',
  BatchPoolCreateOptions:
    'id!:str, displayName:str, vmSize!:str, virtualMachineConfiguration:VirtualMachineConfiguration, resizeTimeout:dur, targetDedicatedNodes:int, targetLowPriorityNodes:int, enableAutoScale:bool, autoScaleFormula:str, autoScaleEvaluationInterval:dur, enableInterNodeCommunication:bool, networkConfiguration:NetworkConfiguration, startTask:BatchStartTask, applicationPackageReferences:BatchApplicationPackageReference[], taskSlotsPerNode:int, taskSchedulingPolicy:BatchTaskSchedulingPolicy, userAccounts:UserAccount[], metadata:BatchMetadataItem[], mountConfiguration:MountConfiguration[], upgradePolicy:UpgradePolicy, certificateReferences:any, targetNodeCommunicationMode:str, resourceTags:map, cloudServiceConfiguration:any, applicationLicenses:any, identity:any',
  BatchPoolEnableAutoScaleOptions: 'autoScaleFormula:str, autoScaleEvaluationInterval:dur',
  BatchPoolEndpointConfiguration: 'inboundNATPools!:BatchInboundNatPool[]',
  BatchPoolEvaluateAutoScaleOptions: 'autoScaleFormula!:str',
  BatchPoolIdentityReference: 'resourceId:str',
  BatchPoolInfo: 'poolId:str, autoPoolSpecification:BatchAutoPoolSpecification',
  BatchPoolReplaceOptions:
    'startTask:BatchStartTask, applicationPackageReferences!:BatchApplicationPackageReference[], metadata!:BatchMetadataItem[], certificateReferences:any, targetNodeCommunicationMode:str',
  BatchPoolResizeOptions:
    'targetDedicatedNodes:int, targetLowPriorityNodes:int, resizeTimeout:dur, nodeDeallocationOption:BatchNodeDeallocationOption',
  BatchPoolSpecification:
    'displayName:str, vmSize!:str, virtualMachineConfiguration:VirtualMachineConfiguration, taskSlotsPerNode:int, taskSchedulingPolicy:BatchTaskSchedulingPolicy, resizeTimeout:dur, targetDedicatedNodes:int, targetLowPriorityNodes:int, enableAutoScale:bool, autoScaleFormula:str, autoScaleEvaluationInterval:dur, enableInterNodeCommunication:bool, networkConfiguration:NetworkConfiguration, startTask:BatchStartTask, applicationPackageReferences:BatchApplicationPackageReference[], userAccounts:UserAccount[], metadata:BatchMetadataItem[], mountConfiguration:MountConfiguration[], upgradePolicy:UpgradePolicy, certificateReferences:any, targetNodeCommunicationMode:str, resourceTags:map, cloudServiceConfiguration:any, applicationLicenses:any',
  BatchPoolUpdateOptions:
    'displayName:str, vmSize:str, enableInterNodeCommunication:bool, startTask:BatchStartTask, applicationPackageReferences:BatchApplicationPackageReference[], metadata:BatchMetadataItem[], virtualMachineConfiguration:VirtualMachineConfiguration, taskSlotsPerNode:int, taskSchedulingPolicy:BatchTaskSchedulingPolicy, networkConfiguration:NetworkConfiguration, userAccounts:UserAccount[], mountConfiguration:MountConfiguration[], upgradePolicy:UpgradePolicy, certificateReferences:any, targetNodeCommunicationMode:str, resourceTags:map, resizeTimeout:dur',
  BatchPublicIpAddressConfiguration:
    'provision:IpAddressProvisioningType, ipFamilies:IPFamily[], ipAddressIds:str[], ipTags:IPTag[]',
  BatchStartTask:
    'commandLine!:str, containerSettings:BatchTaskContainerSettings, resourceFiles:ResourceFile[], environmentSettings:EnvironmentSetting[], userIdentity:UserIdentity, maxTaskRetryCount:int, waitForSuccess:bool',
  BatchTask:
    'id:any, displayName:any, url:any, eTag:any, lastModified:any, creationTime:any, exitConditions:any, state:any, stateTransitionTime:any, previousState:any, previousStateTransitionTime:any, commandLine:any, containerSettings:any, resourceFiles:any, outputFiles:any, environmentSettings:any, affinityInfo:any, constraints:BatchTaskConstraints, requiredSlots:any, userIdentity:any, executionInfo:any, nodeInfo:any, multiInstanceSettings:any, stats:any, dependsOn:any, applicationPackageReferences:any, authenticationTokenSettings:any',
  BatchTaskConstraints: 'maxWallClockTime:dur, retentionTime:dur, maxTaskRetryCount:int',
  BatchTaskContainerSettings:
    'containerRunOptions:str, imageName!:str, registry:ContainerRegistryReference, workingDirectory:ContainerWorkingDirectory, containerHostBatchBindMounts:ContainerHostBatchBindMountEntry[]',
  BatchTaskCreateOptions:
    'id!:str, displayName:str, exitConditions:ExitConditions, commandLine!:str, containerSettings:BatchTaskContainerSettings, resourceFiles:ResourceFile[], outputFiles:OutputFile[], environmentSettings:EnvironmentSetting[], affinityInfo:BatchAffinityInfo, constraints:BatchTaskConstraints, requiredSlots:int, userIdentity:UserIdentity, multiInstanceSettings:MultiInstanceSettings, dependsOn:BatchTaskDependencies, applicationPackageReferences:BatchApplicationPackageReference[], authenticationTokenSettings:any',
  BatchTaskDependencies: 'taskIds:str[], taskIdRanges:BatchTaskIdRange[]',
  BatchTaskIdRange: 'start!:int, end!:int',
  BatchTaskSchedulingPolicy: 'jobDefaultOrder:BatchJobDefaultOrder, nodeFillType!:BatchNodeFillType',
  BatchUefiSettings: 'secureBootEnabled:bool, vTpmEnabled:bool',
  BatchVmDiskSecurityProfile: 'securityEncryptionType:SecurityEncryptionTypes',
  BatchVmImageReference:
    'publisher:str, offer:str, sku:str, version:str, virtualMachineImageId:str, exactVersion:str, sharedGalleryImageId:str, communityGalleryImageId:str',
  CifsMountConfiguration: 'username!:str, source!:str, relativeMountPath!:str, mountOptions:str, password!:str',
  ContainerHostBatchBindMountEntry: 'source:ContainerHostDataPath, isReadOnly:bool',
  ContainerRegistryReference:
    'username:str, password:str, registryServer:str, identityReference:BatchNodeIdentityReference',
  DataDisk: 'lun!:int, caching:CachingType, diskSizeGB!:int, managedDisk:ManagedDisk, storageAccountType:str',
  DiskCustomerManagedKey:
    'identityReference:BatchPoolIdentityReference, keyUrl:str, rotationToLatestKeyVersionEnabled:bool',
  DiskEncryptionConfiguration: 'customerManagedKey:DiskCustomerManagedKey, targets:DiskEncryptionTarget[]',
  DiskEncryptionSetParameters: 'id:str',
  EnvironmentSetting: 'name!:str, value:str',
  ExitCodeMapping: 'code!:int, exitOptions!:ExitOptions',
  ExitCodeRangeMapping: 'start!:int, end!:int, exitOptions!:ExitOptions',
  ExitConditions:
    'exitCodes:ExitCodeMapping[], exitCodeRanges:ExitCodeRangeMapping[], preProcessingError:ExitOptions, fileUploadError:ExitOptions, default:ExitOptions',
  ExitOptions: 'jobAction:BatchJobActionKind, dependencyAction:DependencyAction',
  HostEndpointSettings: 'inVMAccessControlProfileReferenceId:str, mode:HostEndpointSettingsModeTypes',
  IPTag: 'ipTagType:str, tag:str',
  LinuxUserConfiguration: 'uid:int, gid:int, sshPrivateKey:str',
  ManagedDisk:
    'diskEncryptionSet:DiskEncryptionSetParameters, storageAccountType:StorageAccountType, securityProfile:BatchVmDiskSecurityProfile',
  MountConfiguration:
    'azureBlobFileSystemConfiguration:AzureBlobFileSystemConfiguration, nfsMountConfiguration:NfsMountConfiguration, cifsMountConfiguration:CifsMountConfiguration, azureFileShareConfiguration:AzureFileShareConfiguration',
  MultiInstanceSettings: 'numberOfInstances:int, coordinationCommandLine!:str, commonResourceFiles:ResourceFile[]',
  NetworkConfiguration:
    'subnetId:str, dynamicVNetAssignmentScope:DynamicVNetAssignmentScope, endpointConfiguration:BatchPoolEndpointConfiguration, publicIPAddressConfiguration:BatchPublicIpAddressConfiguration, enableAcceleratedNetworking:bool',
  NetworkSecurityGroupRule:
    'priority!:int, access!:NetworkSecurityGroupRuleAccess, sourceAddressPrefix!:str, sourcePortRanges:str[]',
  NfsMountConfiguration: 'source!:str, relativeMountPath!:str, mountOptions:str',
  OutputFile: 'filePattern!:str, destination!:OutputFileDestination, uploadOptions!:OutputFileUploadConfiguration',
  OutputFileBlobContainerDestination:
    'path:str, containerUrl!:str, identityReference:BatchNodeIdentityReference, uploadHeaders:OutputFileUploadHeader[]',
  OutputFileDestination: 'container:OutputFileBlobContainerDestination',
  OutputFileUploadConfiguration: 'uploadCondition!:OutputFileUploadCondition',
  OutputFileUploadHeader: 'name!:str, value:str',
  ProxyAgentSettings: 'enabled:bool, imds:HostEndpointSettings, wireServer:HostEndpointSettings',
  ResourceFile:
    'autoStorageContainerName:str, storageContainerUrl:str, httpUrl:str, blobPrefix:str, filePath:str, fileMode:str, identityReference:BatchNodeIdentityReference',
  RollingUpgradePolicy:
    'enableCrossZoneUpgrade:bool, maxBatchInstancePercent:int, maxUnhealthyInstancePercent:int, maxUnhealthyUpgradedInstancePercent:int, pauseTimeBetweenBatches:dur, prioritizeUnhealthyInstances:bool, rollbackFailedInstancesOnPolicyBreach:bool',
  SecurityProfile:
    'encryptionAtHost:bool, proxyAgentSettings:ProxyAgentSettings, securityType:SecurityTypes, uefiSettings:BatchUefiSettings',
  ServiceArtifactReference: 'id!:str',
  UpgradePolicy:
    'mode!:UpgradeMode, automaticOSUpgradePolicy:AutomaticOsUpgradePolicy, rollingUpgradePolicy:RollingUpgradePolicy',
  UploadBatchServiceLogsOptions:
    'containerUrl!:str, startTime!:dt, endTime:dt, identityReference:BatchNodeIdentityReference',
  UserAccount:
    'name!:str, password!:str, elevationLevel:ElevationLevel, linuxUserConfiguration:LinuxUserConfiguration, windowsUserConfiguration:WindowsUserConfiguration',
  UserIdentity: 'username:str, autoUser:AutoUserSpecification',
  VMExtension:
    'name!:str, publisher!:str, type!:str, typeHandlerVersion:str, autoUpgradeMinorVersion:bool, enableAutomaticUpgrade:bool, settings:map, protectedSettings:map, provisionAfterExtensions:str[]',
  VirtualMachineConfiguration:
    'imageReference!:BatchVmImageReference, nodeAgentSKUId!:str, windowsConfiguration:WindowsConfiguration, dataDisks:DataDisk[], licenseType:str, containerConfiguration:BatchContainerConfiguration, diskEncryptionConfiguration:DiskEncryptionConfiguration, nodePlacementConfiguration:BatchNodePlacementConfiguration, extensions:VMExtension[], osDisk:BatchOsDisk, securityProfile:SecurityProfile, serviceArtifactReference:ServiceArtifactReference',
  WindowsConfiguration: 'enableAutomaticUpdates:bool',
  WindowsUserConfiguration: 'loginMode:LoginMode',
} as const;
