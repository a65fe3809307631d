import type { Account } from '../account/account';
import {
  AUTHENTICATION_MODES,
  accountId,
  type AuthenticationMode,
  type BatchAccount,
  type KeyName,
} from '../account/batch-account';
import { byName } from '../http/paging';
import { isObject, type JsonObject } from '../util/json';
import { ArmError, badRequest, notFound } from './arm-error';
import { armList } from './arm-list';
import { accepted, ok, type ArmCall, type ArmResponse } from './arm-route';
import { renderAccount } from './render-account';

const NAME = /^[a-z0-9]{3,24}$/;
/** Properties of an account that are kept and shown, and change nothing in an emulator. */
const INERT = [
  'poolAllocationMode',
  'keyVaultReference',
  'publicNetworkAccess',
  'networkProfile',
  'encryption',
] as const;

/** "Batch Account" operations of management. */
export class ArmAccounts {
  constructor(private readonly account: Account) {}

  readonly list = ({ request, params }: ArmCall): ArmResponse => {
    const group = params['resourceGroup']?.toLowerCase();
    const found = this.account
      .all()
      .filter(({ resourceGroup }) => group === undefined || resourceGroup.toLowerCase() === group);
    return armList(request, found, (account) => this.render(account, request.baseUrl), byName(accountId));
  };

  readonly get = (call: ArmCall): ArmResponse => ok(this.render(this.find(call), call.request.baseUrl));

  /** Another account is a resource and no more: only the emulator's own one serves pools and jobs. */
  readonly put = (call: ArmCall): ArmResponse => {
    const { accountName = '', subscriptionId = '', resourceGroup = '' } = call.params;
    const existing = this.account.find(accountName);
    if (existing) {
      this.find(call);
      return ok(this.render(this.change(existing, call.body), call.request.baseUrl));
    }
    if (!NAME.test(accountName)) {
      throw new ArmError(400, 'InvalidAccountName', 'An account name has 3 to 24 lower-case letters and digits.');
    }
    const { location } = call.body;
    if (typeof location !== 'string') throw badRequest('The location is missing.');
    const fresh = this.account.create(accountName, subscriptionId, resourceGroup, location);
    const saved = this.change(fresh, call.body);
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Batch/locations/${location}/accountOperationResults/${accountName}`;
    return accepted(call, path, this.render(saved, call.request.baseUrl, 'Creating'));
  };

  readonly patch = (call: ArmCall): ArmResponse =>
    ok(this.render(this.change(this.find(call), call.body), call.request.baseUrl));

  readonly delete = (call: ArmCall): ArmResponse => {
    const { accountName = '', subscriptionId = '' } = call.params;
    if (this.account.isOwn(accountName)) {
      throw new ArmError(409, 'OperationNotAllowed', 'The account that the emulator serves cannot be deleted.');
    }
    const account = this.account.accounts.get(accountName);
    if (!account) return { status: 204 };
    this.account.accounts.delete(accountName);
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Batch/locations/${account.location}/accountOperationResults/${accountName}`;
    return accepted(call, path);
  };

  /** Where the Location of a create or delete leads: the account, or nothing once it is gone. */
  readonly operationResult = ({ request, params }: ArmCall): ArmResponse => {
    const account = this.account.find(params['accountName'] ?? '');
    return account ? ok(this.render(account, request.baseUrl)) : { status: 204 };
  };

  readonly listKeys = (call: ArmCall): ArmResponse => keysOf(this.find(call));

  readonly regenerateKeys = (call: ArmCall): ArmResponse => {
    const { keyName } = call.body;
    const name = typeof keyName === 'string' ? keyName.toLowerCase() : '';
    if (name !== 'primary' && name !== 'secondary') throw badRequest("The keyName must be 'Primary' or 'Secondary'.");
    return keysOf(this.account.regenerateKey(this.find(call), name satisfies KeyName));
  };

  readonly syncAutoStorageKeys = (call: ArmCall): ArmResponse => {
    const account = this.find(call);
    if (!this.account.isOwn(account.name) || !this.account.storage) {
      throw new ArmError(409, 'AutoStorageNotLinked', 'The account has no auto-storage account.');
    }
    this.account.syncStorageKeys(account);
    return { status: 204 };
  };

  /** The account that the path names, in the resource group that it names. */
  find({ params }: ArmCall): BatchAccount {
    const { accountName = '', resourceGroup = '' } = params;
    const account = this.account.find(accountName);
    if (account && account.resourceGroup.toLowerCase() === resourceGroup.toLowerCase()) return account;
    throw notFound('batchAccounts', accountName, resourceGroup);
  }

  private change(account: BatchAccount, body: JsonObject): BatchAccount {
    const properties = isObject(body['properties']) ? body['properties'] : {};
    this.checkStorage(account, properties['autoStorage']);
    const changed: BatchAccount = { ...account, inert: { ...account.inert } };
    if (isObject(body['tags'])) changed.tags = body['tags'];
    if (isObject(body['identity'])) changed.identity = body['identity'];
    if (properties['allowedAuthenticationModes']) changed.modes = modesOf(properties['allowedAuthenticationModes']);
    for (const name of INERT) if (properties[name]) changed.inert[name] = properties[name];
    return this.account.save(changed);
  }

  /** The emulator has the keys of one storage account only, the one that it was started with. */
  private checkStorage(account: BatchAccount, autoStorage: unknown): void {
    if (!isObject(autoStorage) || !this.account.isOwn(account.name)) return;
    const id = autoStorage['storageAccountId'];
    if (typeof id === 'string' && id.split('/').at(-1)?.toLowerCase() === this.account.storage?.name) return;
    throw badRequest('The auto-storage account of the emulator is the one of --storage.');
  }

  private render(account: BatchAccount, baseUrl: string, state = 'Succeeded'): JsonObject {
    return renderAccount(account, this.account, baseUrl, state);
  }
}

function keysOf({ name, keys }: BatchAccount): ArmResponse {
  return ok({ accountName: name, primary: keys.primary, secondary: keys.secondary });
}

function modesOf(value: unknown): AuthenticationMode[] {
  const known = (mode: unknown): mode is AuthenticationMode => AUTHENTICATION_MODES.some((name) => name === mode);
  if (Array.isArray(value) && value.every(known)) return value;
  throw badRequest(`allowedAuthenticationModes is a list of ${AUTHENTICATION_MODES.join(', ')}.`);
}
