import { accountId } from '../account/batch-account';
import type { Account } from '../account/account';
import type { Application, ApplicationPackage } from '../account/applications';
import { byName } from '../http/paging';
import { compact, isObject, type JsonObject } from '../util/json';
import { etagOf, formatOptionalTime } from '../util/time';
import type { ArmAccounts } from './accounts';
import { badRequest } from './arm-error';
import { armList } from './arm-list';
import { ok, type ArmCall, type ArmResponse } from './arm-route';

const APPLICATION = /^[a-zA-Z0-9_-]{1,64}$/;
const VERSION = /^[a-zA-Z0-9_-][a-zA-Z0-9_.-]{0,63}$/;
/** How long a package may be uploaded or downloaded by its storageUrl. */
const URL_LIFETIME_MS = 4 * 60 * 60 * 1000;

/** "Application" and "Application Package" operations of management. */
export class ArmApplications {
  constructor(
    private readonly account: Account,
    private readonly accounts: ArmAccounts,
  ) {}

  readonly list = (call: ArmCall): ArmResponse => {
    this.checkAccount(call);
    return armList(
      call.request,
      this.account.applications.table.values(),
      (item) => this.render(item),
      byName(({ id }) => id),
    );
  };

  readonly get = (call: ArmCall): ArmResponse => ok(this.render(this.application(call)));

  readonly put = (call: ArmCall): ArmResponse => {
    this.checkAccount(call);
    const { applicationName = '' } = call.params;
    if (!APPLICATION.test(applicationName)) throw badRequest('The name of the application is invalid.');
    return ok(this.render(this.account.applications.put(applicationName, propertiesOf(call.body))));
  };

  readonly patch = (call: ArmCall): ArmResponse => {
    const { id, displayName, allowUpdates, defaultVersion } = this.application(call);
    const present = {
      allowUpdates,
      ...(displayName !== undefined && { displayName }),
      ...(defaultVersion !== undefined && { defaultVersion }),
    };
    return ok(this.render(this.account.applications.put(id, { ...present, ...propertiesOf(call.body) })));
  };

  readonly delete = (call: ArmCall): ArmResponse => {
    this.checkAccount(call);
    const application = this.account.applications.table.get(call.params['applicationName'] ?? '');
    if (!application) return { status: 204 };
    this.account.applications.delete(application);
    return { status: 200 };
  };

  readonly listPackages = (call: ArmCall): ArmResponse => {
    const application = this.application(call);
    return armList(
      call.request,
      Object.values(application.packages),
      (item) => this.renderPackage(application, item, false),
      byName(({ version }) => version),
    );
  };

  readonly getPackage = (call: ArmCall): ArmResponse => {
    const application = this.application(call);
    const found = this.account.applications.package(application, call.params['versionName'] ?? '');
    return ok(this.renderPackage(application, found, true));
  };

  readonly putPackage = async (call: ArmCall): Promise<ArmResponse> => {
    const application = this.application(call);
    const { versionName = '' } = call.params;
    if (!VERSION.test(versionName)) throw badRequest('The version of the package is invalid.');
    const added = await this.account.applications.addPackage(application, versionName);
    return ok(this.renderPackage(application, added, true));
  };

  readonly activate = async (call: ArmCall): Promise<ArmResponse> => {
    const application = this.application(call);
    const { format } = call.body;
    if (typeof format !== 'string') throw badRequest('The format of the package is missing.');
    const { versionName = '' } = call.params;
    const activated = await this.account.applications.activate(application, versionName, format);
    return ok(this.renderPackage(application, activated, true));
  };

  readonly deletePackage = async (call: ArmCall): Promise<ArmResponse> => {
    const application = this.application(call);
    const { versionName = '' } = call.params;
    if (!application.packages[versionName.toLowerCase()]) return { status: 204 };
    await this.account.applications.deletePackage(application, versionName);
    return { status: 200 };
  };

  private application(call: ArmCall): Application {
    this.checkAccount(call);
    return this.account.applications.get(call.params['applicationName'] ?? '');
  }

  /** Only the emulator's own account has applications. */
  private checkAccount(call: ArmCall): void {
    const { name } = this.accounts.find(call);
    if (!this.account.isOwn(name)) throw badRequest('Only the account of the emulator has applications.');
  }

  private render({ id, displayName, allowUpdates, defaultVersion, modified }: Application): JsonObject {
    return {
      id: `${accountId(this.account.own)}/applications/${id}`,
      name: id,
      type: 'Microsoft.Batch/batchAccounts/applications',
      etag: etagOf(modified),
      properties: compact({ displayName, allowUpdates, defaultVersion }),
    };
  }

  /** Lists leave the URL out: it lets its holder write. */
  private renderPackage(application: Application, item: ApplicationPackage, withUrl: boolean): JsonObject {
    const { version, state, format, container, blob, activated, modified } = item;
    const now = Date.now();
    const url = withUrl && this.account.storage?.blobUrl(container, blob, 'rw', now, URL_LIFETIME_MS);
    return {
      id: `${accountId(this.account.own)}/applications/${application.id}/versions/${version}`,
      name: version,
      type: 'Microsoft.Batch/batchAccounts/applications/versions',
      etag: etagOf(modified),
      properties: compact({
        state,
        format,
        ...(url && { storageUrl: url, storageUrlExpiry: new Date(now + URL_LIFETIME_MS).toISOString() }),
        lastActivationTime: formatOptionalTime(activated),
      }),
    };
  }
}

function propertiesOf(body: JsonObject): { displayName?: string; allowUpdates?: boolean; defaultVersion?: string } {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  const { displayName, allowUpdates, defaultVersion } = properties;
  return {
    ...(typeof displayName === 'string' && { displayName }),
    ...(typeof allowUpdates === 'boolean' && { allowUpdates }),
    ...(typeof defaultVersion === 'string' && { defaultVersion }),
  };
}
