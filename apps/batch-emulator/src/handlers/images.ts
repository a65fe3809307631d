import type { Call } from '../http/route';
import { filterOf, listBody, pageOf, predicateOf } from '../http/paging';
import { document, type BatchResponse } from '../http/response';
import { imageProperties, type SupportedImage } from '../filter';
import type { JsonObject } from '../util/json';

/** publisher, offer, sku, node agent: a few of the many images Azure has, enough for clients that pick one. */
const IMAGES: readonly (readonly [string, string, string, string])[] = [
  ['almalinux', 'almalinux', '8-gen2', 'batch.node.el 8'],
  ['canonical', '0001-com-ubuntu-server-jammy', '22_04-lts', 'batch.node.ubuntu 22.04'],
  ['canonical', 'ubuntu-24_04-lts', 'server', 'batch.node.ubuntu 24.04'],
  ['debian', 'debian-12', '12', 'batch.node.debian 12'],
  ['microsoft-dsvm', 'ubuntu-hpc', '2204', 'batch.node.ubuntu 22.04'],
  ['microsoftwindowsserver', 'windowsserver', '2022-datacenter', 'batch.node.windows amd64'],
];

/** "Account - List Supported Images". */
export function listSupportedImages({ request }: Call): BatchResponse {
  const images = IMAGES.map(([publisher, offer, sku, nodeAgentSKUId]) => ({
    imageReference: { publisher, offer, sku, version: 'latest' },
    verificationType: 'verified',
    nodeAgentSKUId,
    osType: nodeAgentSKUId.includes('windows') ? 'windows' : 'linux',
  }));
  const matches = predicateOf<SupportedImage>(request, filterOf(request), imageProperties);
  const page = pageOf(request, images.filter(matches));
  return document(
    'supportedimages',
    listBody(request, page, (image): JsonObject => image),
  );
}
