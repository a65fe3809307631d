import type { FileHandlers } from '../handlers/files';
import type { NodeHandlers } from '../handlers/nodes';
import type { Route } from '../http/route';
import { NODE, POOL, notYet, route } from './route';

export function nodeRoutes(nodes: NodeHandlers, files: FileHandlers): Route[] {
  return [
    route('ComputeNodeList', 'GET', `${POOL}/nodes`, nodes.list),
    route('ComputeNodeGet', 'GET', NODE, nodes.get),
    notYet('ComputeNodeDeallocate', 'POST', `${NODE}/deallocate`),
    notYet('ComputeNodeDisableScheduling', 'POST', `${NODE}/disablescheduling`),
    route('ComputeNodeEnableScheduling', 'POST', `${NODE}/enablescheduling`, nodes.enableScheduling),
    notYet('ComputeNodeExtensionList', 'GET', `${NODE}/extensions`),
    notYet('ComputeNodeExtensionGet', 'GET', `${NODE}/extensions/{extensionName}`),
    notYet('ComputeNodeReboot', 'POST', `${NODE}/reboot`),
    notYet('ComputeNodeReimage', 'POST', `${NODE}/reimage`),
    notYet('ComputeNodeGetRemoteDesktop', 'GET', `${NODE}/rdp`),
    notYet('ComputeNodeGetRemoteLoginSettings', 'GET', `${NODE}/remoteloginsettings`),
    notYet('ComputeNodeStart', 'POST', `${NODE}/start`),
    notYet('ComputeNodeUploadBatchServiceLogs', 'POST', `${NODE}/uploadbatchservicelogs`),
    notYet('ComputeNodeAddUser', 'POST', `${NODE}/users`),
    notYet('ComputeNodeDeleteUser', 'DELETE', `${NODE}/users/{userName}`),
    notYet('ComputeNodeUpdateUser', 'PUT', `${NODE}/users/{userName}`),
    route('FileListFromComputeNode', 'GET', `${NODE}/files`, files.list(files.ofNode)),
    route('FileDeleteFromComputeNode', 'DELETE', `${NODE}/files/{filePath...}`, files.delete(files.ofNode)),
    route('FileGetFromComputeNode', 'GET', `${NODE}/files/{filePath...}`, files.get(files.ofNode)),
    route('FileGetPropertiesFromComputeNode', 'HEAD', `${NODE}/files/{filePath...}`, files.head(files.ofNode)),
  ];
}
