import type { Application } from '../account/applications';
import { batchError } from '../errors';
import type { Call } from '../http/route';
import { listBody, byName, pageAfter } from '../http/paging';
import { document, type BatchResponse } from '../http/response';
import type { Model } from '../model';
import { compact, type JsonObject } from '../util/json';

/** "Application" operations of the Azure Batch REST reference: what nodes can be given, no more. */
export class ApplicationHandlers {
  constructor(private readonly model: Model) {}

  readonly list = ({ request }: Call): BatchResponse => {
    const usable = this.model.world.account.applications.table.values().filter((item) => versionsOf(item).length > 0);
    return document(
      'applications',
      listBody(
        request,
        pageAfter(
          request,
          usable,
          byName(({ id }) => id),
        ),
        render,
      ),
    );
  };

  readonly get = ({ params }: Call): BatchResponse => {
    const application = this.model.world.account.applications.get(params['applicationId'] ?? '');
    if (versionsOf(application).length === 0) throw batchError('ApplicationNotFound');
    return document('applications/@Element', render(application));
  };
}

function versionsOf({ packages }: Application): string[] {
  return Object.values(packages)
    .filter(({ state }) => state === 'Active')
    .map(({ version }) => version);
}

const render = (application: Application): JsonObject =>
  compact({
    id: application.id,
    displayName: application.displayName ?? application.id,
    versions: versionsOf(application),
  });
