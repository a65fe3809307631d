import { BlobChangedError, BlobNotFoundError, ContainerNotFoundError, LineTooLongError } from '@windrow/storage';

export type InputErrorCode =
  | 'ApplicationNotFound'
  | 'ApplicationVersionNotFound'
  | 'BlobNotFound'
  | 'ConflictingNames'
  | 'ContainerNotFound'
  | 'DependencyBeyondPlan'
  | 'EmptyInput'
  | 'FileServerNotFound'
  | 'InputChanged'
  | 'InvalidPattern'
  | 'InvalidSize'
  | 'InvalidSweep'
  | 'InvalidTemplate'
  | 'MalformedBlob'
  | 'MalformedRow'
  | 'ProgramNotFound'
  | 'TooManyProgramFiles'
  | 'TooManyItems'
  | 'TooManyTasks'
  | 'UnknownColumn'
  | 'UnsafeName';

/**
 * Thrown when a job's input, program or templates cannot be planned as they are: no retry can help, someone has to
 * change the specification or the data. `path` is the place in the specification, as a JSON path.
 */
export class InvalidInputError extends Error {
  readonly path?: string;

  constructor(
    readonly code: InputErrorCode,
    message: string,
    options: { path?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'InvalidInputError';
    if (options.path !== undefined) this.path = options.path;
  }
}

/** A blob that is read, and where the specification names it. */
export interface BlobPlace {
  container: string;
  blob: string;
  path: string;
}

/** The error to throw instead of one of storage's: what the customer got wrong is theirs, the rest stays as it is. */
export function asInputError(error: unknown, { path, ...place }: Partial<BlobPlace> & { path: string }): unknown {
  const where = { path, cause: error };
  if (error instanceof ContainerNotFoundError) {
    const text = `Container '${error.container}' does not exist. Create it or correct its name.`;
    return new InvalidInputError('ContainerNotFound', text, where);
  }
  if (error instanceof BlobNotFoundError) {
    const text = `Blob '${error.blob}' does not exist in container '${error.container}'. Upload it or correct its name.`;
    return new InvalidInputError('BlobNotFound', text, where);
  }
  if (error instanceof BlobChangedError) {
    const text = `Blob '${error.blob}' in container '${error.container}' was changed while the job was reading it. Submit the job again once it is complete.`;
    return new InvalidInputError('InputChanged', text, where);
  }
  if (error instanceof LineTooLongError) {
    const text = `Line ${error.line} of blob '${place.blob}' is too long to be one item. Check that the lines end with a line feed, and the format.`;
    return new InvalidInputError('MalformedRow', text, where);
  }
  return error;
}
