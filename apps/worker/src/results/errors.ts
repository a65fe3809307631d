export type GatherErrorCode = 'HeaderMismatch' | 'MissingOutput';

/** Thrown when the outputs of the tasks cannot be put together: no retry can help. */
export class GatherError extends Error {
  constructor(
    readonly code: GatherErrorCode,
    /** Index of the task whose output is at fault. */
    readonly task: number,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'GatherError';
  }
}
