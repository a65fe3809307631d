import type { Certificate, CertificateSpec } from '../account/certificates';
import { batchError } from '../errors';
import type { RequestContext } from '../http/context';
import { filterOf, listBody, pageOf, predicateOf, selectOf } from '../http/paging';
import { document, empty, type BatchResponse } from '../http/response';
import type { Call, Handler } from '../http/route';
import type { Properties } from '../filter';
import type { Model } from '../model';
import { compact, type JsonObject } from '../util/json';
import { formatTime } from '../util/time';

/** The version that has no certificates any more. */
const RETIRED_FROM = '2025-06-01';

const properties: Properties<Certificate> = {
  state: () => 'active',
  stateTransitionTime: ({ modified }) => ({ time: modified }),
};

/** "Certificate" operations of the Azure Batch REST reference, up to 2024-07-01.20.0. */
export class CertificateHandlers {
  constructor(private readonly model: Model) {}

  readonly add: Handler = upTo20(({ request, body }) => {
    const { thumbprintAlgorithm, thumbprint } = this.certificates.add(body as CertificateSpec);
    const id = `ThumbprintAlgorithm=${thumbprintAlgorithm},Thumbprint=${thumbprint}`;
    const url = `${request.baseUrl}/certificates(${id})`;
    return { status: 201, headers: { DataServiceId: url, Location: url } };
  });

  readonly list: Handler = upTo20(({ request }) => {
    const matches = predicateOf(request, filterOf(request), properties);
    const page = pageOf(request, this.certificates.table.values().filter(matches));
    return document(
      'certificates',
      listBody(request, page, (item) => render(item, request)),
    );
  });

  readonly get: Handler = upTo20(({ request, params }) =>
    document('certificates/@Element', selectOf(request)(render(this.find(params), request))),
  );

  readonly delete: Handler = upTo20(({ params }) => {
    this.certificates.delete(this.find(params));
    return empty(202);
  });

  /** "Certificate - Cancel Deletion": only where a deletion has failed, which none does here. */
  readonly cancelDelete: Handler = upTo20(({ params }): BatchResponse => {
    this.find(params);
    throw batchError('CertificateStateActive');
  });

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

function upTo20(handler: Handler): Handler {
  return (call) => {
    if ((call.request.query.get('api-version') ?? '') >= RETIRED_FROM) throw batchError('ResourceNotFound');
    return handler(call);
  };
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
