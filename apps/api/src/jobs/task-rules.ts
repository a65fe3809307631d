import { isClusterReference, type JobSpec, type PoolTemplate, type RowsInput, slotsPerNode } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Rules of what a task is and reads that join several fields. The body alone decides them. */
export function taskErrors(spec: JobSpec): FieldError[] {
  return [
    ...secretErrors(spec),
    ...instanceErrors(spec),
    ...(spec.input.kind === 'rows' ? splitErrors(spec.input, spec) : []),
    ...(isClusterReference(spec.pool) ? [] : poolKindErrors(spec, spec.pool)),
  ];
}

/** What tasks of this kind need of a named cluster, which cannot be changed for one job. */
export function clusterKindErrors(spec: JobSpec, template: PoolTemplate): FieldError[] {
  const { container, instances } = spec.task;
  const errors = poolKindErrors(spec, template);
  if (container && !template.containerImages?.length) {
    const message = 'needs a cluster with containerImages, or a pool of its own';
    errors.push({ path: '$.task.container', code: 'NoContainers', message });
  }
  if (instances !== undefined && !template.interNodeCommunication) {
    const message = 'needs a cluster with interNodeCommunication, or a pool of its own';
    errors.push({ path: '$.task.instances', code: 'NoInterNodeCommunication', message });
  }
  return errors;
}

function poolKindErrors({ task }: JobSpec, template: PoolTemplate): FieldError[] {
  const { container, instances } = task;
  const errors: FieldError[] = [];
  // Azure Batch: a pool with a container configuration takes tasks with container settings only.
  if (!container && template.containerImages?.length) {
    const message = 'is required on a pool with containerImages, whose nodes run nothing but containers';
    errors.push({ path: '$.task.container', code: 'Required', message });
  }
  if (instances === undefined) return errors;
  const fault = (code: string, message: string) => errors.push({ path: '$.task.instances', code, message });
  if (slotsPerNode(template) > 1) fault('SlotsPerNode', 'needs nodes of one slot: each instance has a node to itself');
  if (instances > template.nodes.max) {
    fault('TooManyInstances', `must not be above the ${template.nodes.max} nodes of this pool`);
  }
  return errors;
}

function instanceErrors({ task }: JobSpec): FieldError[] {
  if (task.instances !== undefined || task.coordinationCommandLine === undefined) return [];
  const message = 'is for multi-instance tasks: set instances as well';
  return [{ path: '$.task.coordinationCommandLine', code: 'NotApplicable', message }];
}

function secretErrors({ task: { secrets = {}, environment = {} } }: JobSpec): FieldError[] {
  return Object.keys(secrets)
    .filter((name) => Object.hasOwn(environment, name))
    .map((name) => ({
      path: `$.task.secrets.${name}`,
      code: 'ConflictingNames',
      message: 'must not be named like a variable of environment',
    }));
}

function splitErrors(input: RowsInput, { batching }: JobSpec): FieldError[] {
  if (input.split !== 'byteRanges') return [];
  const errors: FieldError[] = [];
  if (input.format === 'parquet' || input.format === 'json') {
    const message = `cannot cut ${input.format} at line ends; use csv, jsonl or lines`;
    errors.push({ path: '$.input.split', code: 'NotApplicable', message });
  }
  if (input.bytesPerTask === undefined) {
    errors.push({ path: '$.input.bytesPerTask', code: 'Required', message: 'is required with byteRanges' });
  }
  const unused: [path: string, value: unknown][] = [
    ['$.input.rowsPerTask', input.rowsPerTask],
    ['$.input.columns', input.columns],
    ['$.batching', batching],
  ];
  for (const [path, value] of unused) {
    if (value === undefined) continue;
    const message = 'has no meaning with byteRanges: the rows of a range are not read before its task runs';
    errors.push({ path, code: 'NotApplicable', message });
  }
  return errors;
}
