import { isObject, type Json, type JsonObject } from '../util/json';

/** Names that differ: management first, Batch service second. */
const NAMES: readonly (readonly [string, string])[] = [
  ['userName', 'username'],
  ['nodeAgentSkuId', 'nodeAgentSKUId'],
  ['inboundNatPools', 'inboundNATPools'],
];
const toBatchNames = new Map(NAMES);
const toArmNames = new Map(NAMES.map(([arm, batch]) => [batch, arm]));

/** Enumerations that management spells in its own way, by property. The Batch service takes any case. */
const SPELLINGS: Readonly<Record<string, string>> = {
  access: 'Allow|Deny',
  allocationState: 'Steady|Resizing|Stopping',
  elevationLevel: 'NonAdmin|Admin',
  loginMode: 'Batch|Interactive',
  nodeDeallocationOption: 'Requeue|Terminate|TaskCompletion|RetainedData',
  nodeFillType: 'Spread|Pack',
  placement: 'CacheDisk',
  protocol: 'TCP|UDP',
  provision: 'BatchManaged|UserManaged|NoPublicIPAddresses',
  scope: 'Task|Pool',
  storageAccountType: 'Standard_LRS|Premium_LRS|StandardSSD_LRS',
  targetNodeCommunicationMode: 'Default|Classic|Simplified',
  targets: 'OsDisk|TemporaryDisk',
  type: 'DockerCompatible|CriCompatible',
  workingDirectory: 'TaskWorkingDirectory|ContainerImageDefault',
};

/** Values of users, to be left as they are. */
const OPAQUE = new Set(['settings', 'protectedSettings', 'metadata', 'environmentSettings', 'resourceTags']);

/** A part of a pool as the Batch service writes it. */
export function toBatch(value: Json, name = ''): Json {
  return walk(value, name, (key, parent) =>
    parent === 'imageReference' && key === 'id' ? 'virtualMachineImageId' : (toBatchNames.get(key) ?? key),
  );
}

/** A part of a pool as management writes it. */
export function toArm(value: Json, name = ''): Json {
  if (typeof value === 'string') return armSpelling(name, value);
  return walk(
    value,
    name,
    (key) => (key === 'virtualMachineImageId' ? 'id' : (toArmNames.get(key) ?? key)),
    armSpelling,
  );
}

/** The spelling of management for a value of an enumeration. */
export function armSpelling(name: string, value: string): string {
  const found = SPELLINGS[name]?.split('|').find((spelling) => spelling.toLowerCase() === value.toLowerCase());
  return found ?? value;
}

function walk(
  value: Json,
  name: string,
  rename: (key: string, parent: string) => string,
  spell: (name: string, value: string) => string = (_name, text) => text,
): Json {
  if (OPAQUE.has(name)) return value;
  if (typeof value === 'string') return spell(name, value);
  if (Array.isArray(value)) return value.map((item) => walk(item, name, rename, spell));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const key in value) result[rename(key, name)] = walk(value[key] ?? null, key, rename, spell);
  return result;
}
