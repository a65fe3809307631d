import type { Pool } from '../model/pools/pool';
import { compact, type JsonObject } from '../util/json';
import { renderAutoScaleRun } from './render-autoscale';
import { etagOf, formatTime } from '../util/time';

export const poolUrl = (baseUrl: string, poolId: string): string => `${baseUrl}/pools/${poolId}`;

/** "Pool - Get", members in the order in which the service writes them. */
export function renderPool(pool: Pool, baseUrl: string): JsonObject {
  const { spec } = pool;
  // Errors of a resize are shown only while nothing is under way, and never as an empty list.
  const errors = pool.allocationState === 'steady' && pool.resizeErrors.length > 0 ? pool.resizeErrors : undefined;
  return compact({
    id: pool.id,
    displayName: spec.displayName,
    url: poolUrl(baseUrl, pool.id),
    eTag: etagOf(pool.modified),
    lastModified: formatTime(pool.modified),
    creationTime: formatTime(pool.created),
    state: pool.state,
    stateTransitionTime: formatTime(pool.stateTime),
    allocationState: pool.allocationState,
    allocationStateTransitionTime: formatTime(pool.allocationTime),
    vmSize: spec.vmSize,
    resizeTimeout: pool.resizeTimeout,
    resizeErrors: errors,
    currentDedicatedNodes: pool.countNodes(true),
    targetDedicatedNodes: pool.targetDedicated,
    currentLowPriorityNodes: pool.countNodes(false),
    targetLowPriorityNodes: pool.targetLowPriority,
    enableAutoScale: spec.enableAutoScale,
    autoScaleFormula: spec.autoScaleFormula,
    autoScaleEvaluationInterval: spec.autoScaleEvaluationInterval,
    autoScaleRun: pool.autoScale.run && renderAutoScaleRun(pool.autoScale.run),
    enableInterNodeCommunication: spec.enableInterNodeCommunication,
    startTask: spec.startTask,
    userAccounts: spec.userAccounts,
    certificateReferences: spec.certificateReferences,
    applicationPackageReferences: spec.applicationPackageReferences,
    metadata: spec.metadata,
    taskSlotsPerNode: spec.taskSlotsPerNode,
    taskSchedulingPolicy: spec.taskSchedulingPolicy,
    virtualMachineConfiguration: spec.virtualMachineConfiguration,
    networkConfiguration: spec.networkConfiguration,
    mountConfiguration: spec.mountConfiguration,
    upgradePolicy: spec.upgradePolicy,
    resourceTags: spec.resourceTags,
    targetNodeCommunicationMode: spec.targetNodeCommunicationMode,
    // Shows once there are nodes that can have one.
    currentNodeCommunicationMode: pool.nodes.size > 0 && pool.allocationState === 'steady' ? 'classic' : undefined,
  });
}
