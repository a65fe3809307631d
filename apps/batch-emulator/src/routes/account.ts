import type { ApplicationHandlers } from '../handlers/applications';
import type { CertificateHandlers } from '../handlers/certificates';
import { listSupportedImages } from '../handlers/images';
import { retired } from '../handlers/retired';
import type { PoolHandlers } from '../handlers/pools';
import type { Handler, Route } from '../http/route';
import { route } from './route';

const CERTIFICATE = '/certificates({certificate})';

export function accountRoutes(
  pools: PoolHandlers,
  applications: ApplicationHandlers,
  certificates: CertificateHandlers,
  usageMetrics: Handler,
): Route[] {
  return [
    route('AccountListSupportedImages', 'GET', '/supportedimages', listSupportedImages),
    route('AccountListPoolNodeCounts', 'GET', '/nodecounts', pools.nodeCounts),
    route('PoolListUsageMetrics', 'GET', '/poolusagemetrics', usageMetrics),
    route('ApplicationList', 'GET', '/applications', applications.list),
    route('ApplicationGet', 'GET', '/applications/{applicationId}', applications.get),
    route('CertificateAdd', 'POST', '/certificates', certificates.add, { body: 'BatchCertificate' }),
    route('CertificateList', 'GET', '/certificates', certificates.list),
    route('CertificateCancelDeletion', 'POST', `${CERTIFICATE}/canceldelete`, certificates.cancelDelete),
    route('CertificateDelete', 'DELETE', CERTIFICATE, certificates.delete),
    route('CertificateGet', 'GET', CERTIFICATE, certificates.get),
    route('JobGetAllLifetimeStatistics', 'GET', '/lifetimejobstats', retired),
    route('PoolGetAllLifetimeStatistics', 'GET', '/lifetimepoolstats', retired),
  ];
}
