import type { Certificate, CertificateSpec } from '../account/certificates';
import { batchError } from '../errors';
import type { RequestContext } from '../http/context';
import { filterOf, listBody, byNumber, pageAfter, predicateOf, selectOf } from '../http/paging';
import { document, empty, type BatchResponse } from '../http/response';
import type { Call, Handler } from '../http/route';
import { state, time, type Properties } from '../filter';
import type { Model } from '../model';
import { compact, type JsonObject } from '../util/json';
import { formatTime } from '../util/time';

const properties: Properties<Certificate> = {
  state: state(() => 'active'),
  stateTransitionTime: time(({ modified }) => modified),
};

/** "Certificate" operations of the Azure Batch REST reference, up to 2024-07-01.20.0. */
export class CertificateHandlers {
  constructor(private readonly model: Model) {}

  readonly add: Handler = ({ request, body }) => {
    const { thumbprintAlgorithm, thumbprint } = this.certificates.add(body as CertificateSpec);
    const id = `ThumbprintAlgorithm=${thumbprintAlgorithm},Thumbprint=${thumbprint}`;
    const url = `${request.baseUrl}/certificates(${id})`;
    return { status: 201, headers: { DataServiceId: url, Location: url } };
  };

  readonly list: Handler = ({ request }) => {
    const matches = predicateOf(request, filterOf(request), properties);
    const page = pageAfter(
      request,
      this.certificates.table.values().filter(matches),
      byNumber((item) => item.modified),
    );
    return document(
      'certificates',
      listBody(request, page, (item) => render(item, request)),
    );
  };

  readonly get: Handler = ({ request, params }) =>
    document('certificates/@Element', selectOf(request)(render(this.find(params), request)));

  readonly delete: Handler = ({ params }) => {
    this.certificates.delete(this.find(params));
    return empty(202);
  };

  /** "Certificate - Cancel Deletion": only where a deletion has failed, which none does here. */
  readonly cancelDelete: Handler = ({ params }): BatchResponse => {
    this.find(params);
    throw batchError('CertificateStateActive');
  };

  private get certificates(): Model['world']['account']['certificates'] {
    return this.model.world.account.certificates;
  }

  /** `(thumbprintAlgorithm=sha1,thumbprint=...)`, names and values in any case. */
  private find(params: Call['params']): Certificate {
    const parts = (params['certificate'] ?? '').split(',').map((part) => part.split('='));
    const value = (name: string): string =>
      parts.find(([key]) => key?.trim().toLowerCase() === name.toLowerCase())?.[1]?.trim() ?? '';
    return this.certificates.get(value('thumbprintAlgorithm'), value('thumbprint'));
  }
}

function render(certificate: Certificate, { baseUrl }: RequestContext): JsonObject {
  const { thumbprint, thumbprintAlgorithm, publicData, modified } = certificate;
  return compact({
    thumbprint,
    thumbprintAlgorithm,
    url: `${baseUrl}/certificates(thumbprintAlgorithm=${thumbprintAlgorithm},thumbprint=${thumbprint})`,
    state: 'active',
    stateTransitionTime: formatTime(modified),
    publicData,
  });
}
