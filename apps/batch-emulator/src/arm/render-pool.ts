import { compact, isObject, type Json, type JsonObject } from '../util/json';
import { armSpelling, toArm } from './translate';

/** A pool as management shows it, from how the Batch service shows it. */
export function poolToArm(
  pool: JsonObject,
  accountId: string,
  extra: { deallocation: string; identity: Json | undefined },
): JsonObject {
  const get = (name: string): Json | undefined => pool[name];
  const same = (name: string): Json | undefined => {
    const value = pool[name];
    return value === undefined ? undefined : toArm(value, name);
  };
  const machine = same('virtualMachineConfiguration');
  return compact({
    id: `${accountId}/pools/${pool['id'] as string}`,
    name: get('id'),
    type: 'Microsoft.Batch/batchAccounts/pools',
    etag: get('eTag'),
    identity: extra.identity,
    properties: compact({
      displayName: get('displayName'),
      lastModified: get('lastModified'),
      creationTime: get('creationTime'),
      provisioningState: get('state') === 'deleting' ? 'Deleting' : 'Succeeded',
      provisioningStateTransitionTime: get('stateTransitionTime'),
      allocationState: same('allocationState'),
      allocationStateTransitionTime: get('allocationStateTransitionTime'),
      vmSize: get('vmSize'),
      deploymentConfiguration: machine && { virtualMachineConfiguration: machine },
      currentDedicatedNodes: get('currentDedicatedNodes'),
      currentLowPriorityNodes: get('currentLowPriorityNodes'),
      scaleSettings: scaleOf(pool),
      autoScaleRun: autoScaleRunOf(get('autoScaleRun')),
      interNodeCommunication: get('enableInterNodeCommunication') === true ? 'Enabled' : 'Disabled',
      networkConfiguration: same('networkConfiguration'),
      taskSlotsPerNode: get('taskSlotsPerNode'),
      taskSchedulingPolicy: same('taskSchedulingPolicy'),
      userAccounts: same('userAccounts'),
      metadata: get('metadata'),
      startTask: same('startTask'),
      applicationPackages: packagesOf(get('applicationPackageReferences'), accountId),
      resizeOperationStatus: resizeOf(pool, extra.deallocation),
      mountConfiguration: same('mountConfiguration'),
      upgradePolicy: same('upgradePolicy'),
      resourceTags: get('resourceTags'),
      targetNodeCommunicationMode: same('targetNodeCommunicationMode'),
    }),
  });
}

function scaleOf(pool: JsonObject): JsonObject {
  if (pool['enableAutoScale'] === true) {
    const { autoScaleFormula: formula, autoScaleEvaluationInterval: evaluationInterval } = pool;
    return { autoScale: compact({ formula, evaluationInterval }) };
  }
  const { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout } = pool;
  return { fixedScale: compact({ targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout }) };
}

function autoScaleRunOf(run: Json | undefined): JsonObject | undefined {
  if (!isObject(run)) return undefined;
  const { timestamp, results, error } = run;
  const shown = isObject(error) ? { code: error['code'], message: error['message'] } : undefined;
  return compact({ evaluationTime: timestamp, results, error: shown });
}

/** The resize under way, or the last one. */
function resizeOf(pool: JsonObject, deallocation: string): JsonObject {
  const { resizeErrors, targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout } = pool;
  const errors = Array.isArray(resizeErrors) ? resizeErrors.filter(isObject) : undefined;
  return compact({
    targetDedicatedNodes,
    targetLowPriorityNodes,
    resizeTimeout,
    nodeDeallocationOption: armSpelling('nodeDeallocationOption', deallocation),
    startTime: pool['allocationState'] === 'steady' ? undefined : pool['allocationStateTransitionTime'],
    errors: errors?.map(({ code, message }) => compact({ code, message })),
  });
}

function packagesOf(references: Json | undefined, accountId: string): JsonObject[] | undefined {
  if (!Array.isArray(references)) return undefined;
  return references
    .filter(isObject)
    .map(({ applicationId, version }) =>
      compact({ id: `${accountId}/applications/${applicationId as string}`, version }),
    );
}
