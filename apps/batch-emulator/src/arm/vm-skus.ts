import { coresOf } from '../model/pools/vm-sizes';

/** Name and family of sizes that clients commonly pick. */
const SKUS: readonly (readonly [string, string])[] = [
  ['Standard_A1_v2', 'standardAv2Family'],
  ['Standard_A2_v2', 'standardAv2Family'],
  ['Standard_A4_v2', 'standardAv2Family'],
  ['Standard_D2_v3', 'standardDv3Family'],
  ['Standard_D4_v3', 'standardDv3Family'],
  ['Standard_D2s_v3', 'standardDSv3Family'],
  ['Standard_D4s_v3', 'standardDSv3Family'],
  ['Standard_D8s_v3', 'standardDSv3Family'],
  ['Standard_D2s_v5', 'standardDSv5Family'],
  ['Standard_D4s_v5', 'standardDSv5Family'],
  ['Standard_D8s_v5', 'standardDSv5Family'],
  ['Standard_D16s_v5', 'standardDSv5Family'],
  ['Standard_E4s_v5', 'standardESv5Family'],
  ['Standard_F2s_v2', 'standardFSv2Family'],
  ['Standard_F4s_v2', 'standardFSv2Family'],
  ['Standard_F8s_v2', 'standardFSv2Family'],
];

/** "Location - List Supported Virtual Machine Skus". */
export const virtualMachineSkus = SKUS.map(([name, familyName]) => ({
  name,
  familyName,
  capabilities: [
    { name: 'vCPUs', value: String(coresOf(name)) },
    { name: 'MaxResourceVolumeMB', value: String(coresOf(name) * 25_600) },
    { name: 'LowPriorityCapable', value: 'True' },
  ],
}));
