import { invalidProperty } from '../../errors';
import { isObject, type JsonObject } from '../../util/json';
import type { PoolSpec } from '../../wire/types';
import { checkCommandLine, checkUserIdentity } from '../tasks/command-checks';
import { checkDisplayName, checkMetadata, checkRange } from '../ids';

const MAX_USER_NAME = 20;
const MAX_PORT = 65_535;

/** What "Pool - Add" and the changes of a pool refuse of its description; sizes are checked where they are used. */
export function checkPoolDescription(spec: Partial<PoolSpec>): void {
  checkDisplayName(spec.displayName);
  checkMetadata(spec.metadata);
  checkUserAccounts(spec.userAccounts);
  // What is `null` in a change is not there.
  if (spec.startTask) {
    checkCommandLine(spec.startTask.commandLine);
    checkUserIdentity(spec.startTask.userIdentity);
  }
  checkNatPools(spec.networkConfiguration);
}

/** "UserAccount.name": up to 20 characters; two accounts of one name could not be told apart. */
function checkUserAccounts(accounts: readonly JsonObject[] | undefined): void {
  const names = new Set<string>();
  for (const { name } of accounts ?? []) {
    if (typeof name !== 'string') continue;
    if ([...name].length > MAX_USER_NAME) {
      throw invalidProperty('name', name, `The name of a user account may have at most ${MAX_USER_NAME} characters.`);
    }
    if (names.has(name.toLowerCase())) throw invalidProperty('userAccounts', name, 'The name is given more than once.');
    names.add(name.toLowerCase());
  }
}

function checkNatPools(network: JsonObject | undefined): void {
  const configuration = network?.['endpointConfiguration'];
  const pools = isObject(configuration) ? configuration['inboundNATPools'] : undefined;
  if (!Array.isArray(pools)) return;
  for (const pool of pools) {
    const port = isObject(pool) ? pool['backendPort'] : undefined;
    if (typeof port === 'number') checkRange('backendPort', port, 1, MAX_PORT);
  }
}
