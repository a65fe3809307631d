import { field, model, inert, missed, partial, type ModelEntry } from './entry';

/** Parts of a pool that describe its virtual machines. */
export const MACHINE_FIELDS: readonly ModelEntry[] = [
  model(
    'VirtualMachineConfiguration',
    field(
      'nodeAgentSKUId',
      partial(
        'tells Windows from Linux in what is shown; commands run on this machine',
        'resize: user accounts of Windows pools log in as a batch, and no account shows its password',
      ),
    ),
    field('licenseType', inert('nothing is licensed')),
  ),
  model(
    'BatchVmImageReference',
    field(
      'publisher offer sku version virtualMachineImageId exactVersion sharedGalleryImageId communityGalleryImageId',
      partial(
        'kept and shown; commands run on this machine, not in the image',
        'node-access: shows what a node is before and after its first boot',
      ),
    ),
  ),
  model(
    'BatchContainerConfiguration',
    field('type containerImageNames', inert('images are pulled when a task first needs them')),
  ),
  model(
    'ContainerRegistryReference',
    field('username password registryServer', missed('the logins of the container engine are used')),
  ),
  model(
    'BatchNodeIdentityReference BatchPoolIdentityReference',
    field('resourceId', missed('there are no managed identities; requests to storage carry what the URL carries')),
  ),
  model('BatchNodePlacementConfiguration', field('policy', inert('there is one zone'))),
  model('DiskEncryptionConfiguration', field('targets', missed('nothing is encrypted'))),
  model('DiskCustomerManagedKey', field('keyUrl rotationToLatestKeyVersionEnabled', inert('nothing is encrypted'))),
  model('DiskEncryptionSetParameters', field('id', inert('nothing is encrypted'))),
  model(
    'DataDisk',
    field(
      'storageAccountType',
      partial(
        'shown where the version has it; nodes have no disks of their own',
        'versions: the storage type of a data disk is where the version has it, wherever it came from',
      ),
    ),
    field('lun', missed('nodes have no disks of their own')),
    field('caching diskSizeGB', inert('nodes have no disks of their own')),
  ),
  model(
    'ManagedDisk',
    field(
      'storageAccountType',
      partial(
        'shown where the version has it; nodes have no disks of their own',
        'versions: the storage type of a data disk is where the version has it, wherever it came from',
      ),
    ),
  ),
  model('BatchOsDisk', field('caching diskSizeGB writeAcceleratorEnabled', inert('nodes have no disks of their own'))),
  model('BatchDiffDiskSettings', field('placement', inert('nodes have no disks of their own'))),
  model('BatchVmDiskSecurityProfile', field('securityEncryptionType', inert('nothing is encrypted'))),
  model('SecurityProfile', field('encryptionAtHost securityType', inert('there is no machine to guard'))),
  model('BatchUefiSettings', field('secureBootEnabled vTpmEnabled', inert('there is no machine to boot'))),
  model('ProxyAgentSettings', field('enabled', inert('there is no metadata service'))),
  model(
    'HostEndpointSettings',
    field('inVMAccessControlProfileReferenceId mode', inert('there is no metadata service')),
  ),
  model('ServiceArtifactReference', field('id', inert('no image is chosen by it'))),
  model('WindowsConfiguration', field('enableAutomaticUpdates', inert('nothing is updated'))),
  model(
    'VMExtension',
    field('type', missed('extensions are shown as installed; nothing is installed')),
    field(
      'name publisher typeHandlerVersion autoUpgradeMinorVersion enableAutomaticUpgrade settings protectedSettings provisionAfterExtensions',
      inert('shown with the nodes, protectedSettings never'),
    ),
  ),
  model('UpgradePolicy', field('mode', missed('no operating system is upgraded'))),
  model(
    'AutomaticOsUpgradePolicy',
    field(
      'disableAutomaticRollback enableAutomaticOSUpgrade useRollingUpgradePolicy osRollingUpgradeDeferral',
      inert('no operating system is upgraded'),
    ),
  ),
  model(
    'RollingUpgradePolicy',
    field(
      'enableCrossZoneUpgrade maxBatchInstancePercent maxUnhealthyInstancePercent maxUnhealthyUpgradedInstancePercent pauseTimeBetweenBatches prioritizeUnhealthyInstances rollbackFailedInstancesOnPolicyBreach',
      inert('no operating system is upgraded'),
    ),
  ),
];
