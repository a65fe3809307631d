import { isObject, type Json, type JsonObject } from '../util/json';
import { badRequest } from './arm-error';
import { toBatch } from './translate';

/** Properties that only change their form on the way. */
const SAME = [
  'displayName',
  'vmSize',
  'networkConfiguration',
  'taskSlotsPerNode',
  'taskSchedulingPolicy',
  'userAccounts',
  'metadata',
  'startTask',
  'mountConfiguration',
  'upgradePolicy',
  'resourceTags',
  'targetNodeCommunicationMode',
] as const;

/** Shown by management, and therefore sent back by clients that read, change and write. */
const READ_ONLY = new Set([
  'lastModified',
  'creationTime',
  'provisioningState',
  'provisioningStateTransitionTime',
  'allocationState',
  'allocationStateTransitionTime',
  'currentDedicatedNodes',
  'currentLowPriorityNodes',
  'currentNodeCommunicationMode',
  'autoScaleRun',
  'resizeOperationStatus',
]);
const TRANSLATED = new Set([...SAME, 'deploymentConfiguration', 'interNodeCommunication', 'applicationPackages']);
const KNOWN = new Set([...TRANSLATED, 'scaleSettings', 'certificates', 'applicationLicenses']);

/** The properties of a pool of management as the Batch service takes them, without its scale. */
export function poolFromArm(body: JsonObject): JsonObject {
  const properties = propertiesOf(body);
  const result: JsonObject = {};
  for (const name of SAME) {
    const value = properties[name];
    if (value !== undefined && value !== null) result[name] = toBatch(value, name);
  }
  const { deploymentConfiguration, interNodeCommunication, applicationPackages } = properties;
  if (isObject(deploymentConfiguration)) Object.assign(result, toBatch(deploymentConfiguration));
  if (interNodeCommunication !== undefined) {
    result['enableInterNodeCommunication'] = interNodeCommunication === 'Enabled';
  }
  if (Array.isArray(applicationPackages)) {
    result['applicationPackageReferences'] = applicationPackages.map(packageFromArm);
  }
  if (isObject(body['identity'])) result['identity'] = body['identity'];
  return result;
}

/** How a pool is to be sized, in the words of the Batch service's resize or of its autoscale. */
export interface Scale {
  fixed?: JsonObject;
  auto?: JsonObject;
}

export function scaleFromArm(body: JsonObject): Scale | undefined {
  const scale = propertiesOf(body)['scaleSettings'];
  if (!isObject(scale)) return undefined;
  const { fixedScale, autoScale } = scale;
  if (isObject(fixedScale) === isObject(autoScale)) throw badRequest('Give one of fixedScale and autoScale.');
  if (!isObject(autoScale)) return { fixed: fixedScale as JsonObject };
  const { formula, evaluationInterval } = autoScale;
  return {
    auto: {
      ...(formula !== undefined && { autoScaleFormula: formula }),
      ...(evaluationInterval !== undefined && { autoScaleEvaluationInterval: evaluationInterval }),
    },
  };
}

function propertiesOf(body: JsonObject): JsonObject {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  const unknown = Object.keys(properties).find((name) => !KNOWN.has(name) && !READ_ONLY.has(name));
  if (unknown !== undefined) throw badRequest(`Could not find member '${unknown}' on object of type 'Pool'.`);
  return properties;
}

/** Management names an application by its resource id. */
function packageFromArm(reference: Json): Json {
  if (!isObject(reference) || typeof reference['id'] !== 'string') {
    throw badRequest('An application package is named by the id of its application.');
  }
  const applicationId = reference['id'].split('/').at(-1) ?? '';
  return { applicationId, ...(reference['version'] && { version: reference['version'] }) };
}
