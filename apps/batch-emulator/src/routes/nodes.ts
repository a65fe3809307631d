import type { FileHandlers } from '../handlers/files';
import type { NodeAccessHandlers } from '../handlers/node-access';
import type { NodeUserHandlers } from '../handlers/node-users';
import type { NodeHandlers } from '../handlers/nodes';
import type { Handler, Route } from '../http/route';
import { NODE, POOL, route } from './route';

export interface NodeRouteHandlers {
  nodes: NodeHandlers;
  users: NodeUserHandlers;
  access: NodeAccessHandlers;
  uploadLogs: Handler;
  files: FileHandlers;
}

export function nodeRoutes({ nodes, users, access, uploadLogs, files }: NodeRouteHandlers): Route[] {
  return [
    route('ComputeNodeList', 'GET', `${POOL}/nodes`, nodes.list),
    route('ComputeNodeGet', 'GET', NODE, nodes.get),
    route('ComputeNodeDeallocate', 'POST', `${NODE}/deallocate`, nodes.deallocate, {
      body: 'BatchNodeDeallocateOptions',
      optionalBody: true,
    }),
    route('ComputeNodeDisableScheduling', 'POST', `${NODE}/disablescheduling`, nodes.disableScheduling, {
      body: 'BatchNodeDisableSchedulingOptions',
      optionalBody: true,
    }),
    route('ComputeNodeEnableScheduling', 'POST', `${NODE}/enablescheduling`, nodes.enableScheduling),
    route('ComputeNodeExtensionList', 'GET', `${NODE}/extensions`, access.extensions),
    route('ComputeNodeExtensionGet', 'GET', `${NODE}/extensions/{extensionName}`, access.extension),
    route('ComputeNodeReboot', 'POST', `${NODE}/reboot`, nodes.reboot, {
      body: 'BatchNodeRebootOptions',
      optionalBody: true,
    }),
    route('ComputeNodeReimage', 'POST', `${NODE}/reimage`, nodes.reimage, {
      body: 'BatchNodeReimageOptions',
      optionalBody: true,
    }),
    route('ComputeNodeGetRemoteDesktop', 'GET', `${NODE}/rdp`, access.remoteDesktop),
    route('ComputeNodeGetRemoteLoginSettings', 'GET', `${NODE}/remoteloginsettings`, access.remoteLogin),
    route('ComputeNodeStart', 'POST', `${NODE}/start`, nodes.start),
    route('ComputeNodeUploadBatchServiceLogs', 'POST', `${NODE}/uploadbatchservicelogs`, uploadLogs, {
      body: 'UploadBatchServiceLogsOptions',
    }),
    route('ComputeNodeAddUser', 'POST', `${NODE}/users`, users.add, { body: 'BatchNodeUserCreateOptions' }),
    route('ComputeNodeDeleteUser', 'DELETE', `${NODE}/users/{userName}`, users.delete),
    route('ComputeNodeUpdateUser', 'PUT', `${NODE}/users/{userName}`, users.update, {
      body: 'BatchNodeUserReplaceOptions',
    }),
    route('FileListFromComputeNode', 'GET', `${NODE}/files`, files.list(files.ofNode)),
    route('FileDeleteFromComputeNode', 'DELETE', `${NODE}/files/{filePath...}`, files.delete(files.ofNode)),
    route('FileGetFromComputeNode', 'GET', `${NODE}/files/{filePath...}`, files.get(files.ofNode)),
    route('FileGetPropertiesFromComputeNode', 'HEAD', `${NODE}/files/{filePath...}`, files.head(files.ofNode)),
  ];
}
