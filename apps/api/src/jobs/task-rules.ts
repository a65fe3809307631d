import type { JobSpec, RowsInput } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Rules of what a task is and reads that join several fields. The body alone decides them. */
export function taskErrors(spec: JobSpec): FieldError[] {
  return [
    ...secretErrors(spec),
    ...instanceErrors(spec),
    ...(spec.input.kind === 'rows' ? splitErrors(spec.input, spec) : []),
  ];
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
