import type { Pool } from '../model/pools/pool';
import { parseDuration } from '../util/duration';
import { compact, isObject, type Json, type JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';

/** "Pool create event". */
export function poolCreate(pool: Pool): JsonObject {
  const { spec } = pool;
  const machine = spec.virtualMachineConfiguration;
  return compact({
    id: pool.id,
    displayName: spec.displayName,
    vmSize: spec.vmSize,
    imageType: 'VirtualMachineConfiguration',
    networkConfiguration: { subnetId: member(spec.networkConfiguration, 'subnetId') ?? '' },
    virtualMachineConfiguration: machine && {
      imageReference: machine['imageReference'] ?? {},
      nodeAgentId: machine['nodeAgentSKUId'] ?? '',
    },
    resizeTimeout: String(parseDuration(pool.resizeTimeout) ?? 0),
    targetDedicatedNodes: pool.targetDedicated,
    targetLowPriorityNodes: pool.targetLowPriority,
    taskSlotsPerNode: pool.slotsPerNode,
    vmFillType: spec.taskSchedulingPolicy?.nodeFillType ?? 'Spread',
    enableAutoScale: spec.enableAutoScale ?? false,
    enableInterNodeCommunication: spec.enableInterNodeCommunication ?? false,
    isAutoPool: pool.autoPool,
  });
}

/** "Pool resize start event". */
export function resizeStart(pool: Pool): JsonObject {
  const [dedicated, lowPriority] = [pool.countNodes(true), pool.countNodes(false)];
  const grows = pool.targetDedicated >= dedicated && pool.targetLowPriority >= lowPriority;
  return {
    id: pool.id,
    nodeDeallocationOption: grows ? 'invalid' : pool.deallocation,
    currentDedicatedNodes: dedicated,
    targetDedicatedNodes: pool.targetDedicated,
    currentLowPriorityNodes: lowPriority,
    targetLowPriorityNodes: pool.targetLowPriority,
    enableAutoScale: pool.spec.enableAutoScale ?? false,
    isAutoPool: pool.autoPool,
  };
}

/** "Pool resize complete event". */
export function resizeComplete(pool: Pool, start: JsonObject, startTime: Micros, endTime: Micros): JsonObject {
  const [error] = pool.resizeErrors;
  return {
    ...start,
    currentDedicatedNodes: pool.countNodes(true),
    currentLowPriorityNodes: pool.countNodes(false),
    startTime: formatTime(startTime),
    endTime: formatTime(endTime),
    resultCode: error?.code ?? 'Success',
    resultMessage: error?.message ?? 'The operation succeeded',
  };
}

function member(value: JsonObject | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}
