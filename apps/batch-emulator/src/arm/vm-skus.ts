/** Name, family and cores of sizes that clients commonly pick. */
const SKUS: readonly (readonly [string, string, number])[] = [
  ['Standard_A1_v2', 'standardAv2Family', 1],
  ['Standard_A2_v2', 'standardAv2Family', 2],
  ['Standard_A4_v2', 'standardAv2Family', 4],
  ['Standard_D2_v3', 'standardDv3Family', 2],
  ['Standard_D4_v3', 'standardDv3Family', 4],
  ['Standard_D2s_v3', 'standardDSv3Family', 2],
  ['Standard_D4s_v3', 'standardDSv3Family', 4],
  ['Standard_D8s_v3', 'standardDSv3Family', 8],
  ['Standard_D2s_v5', 'standardDSv5Family', 2],
  ['Standard_D4s_v5', 'standardDSv5Family', 4],
  ['Standard_D8s_v5', 'standardDSv5Family', 8],
  ['Standard_D16s_v5', 'standardDSv5Family', 16],
  ['Standard_E4s_v5', 'standardESv5Family', 4],
  ['Standard_F2s_v2', 'standardFSv2Family', 2],
  ['Standard_F4s_v2', 'standardFSv2Family', 4],
  ['Standard_F8s_v2', 'standardFSv2Family', 8],
];

/** "Location - List Supported Virtual Machine Skus". */
export const virtualMachineSkus = SKUS.map(([name, familyName, cores]) => ({
  name,
  familyName,
  capabilities: [
    { name: 'vCPUs', value: String(cores) },
    { name: 'MaxResourceVolumeMB', value: String(cores * 25_600) },
    { name: 'LowPriorityCapable', value: 'True' },
  ],
}));
