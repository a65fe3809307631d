import { ExitCode } from './exit-codes';

export interface ErrorParts {
  /** Where it was wrong: a request, a file with its line. */
  where?: string;
  /** One line each, such as the fields at fault. */
  details?: string[];
  /** What to do now. */
  next?: string;
  exitCode?: ExitCode;
  cause?: unknown;
}

/** An error told to a person: what was wrong, where, and what to do. */
export class CliError extends Error {
  readonly where: string | undefined;
  readonly details: string[];
  readonly next: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, { where, details = [], next, exitCode = ExitCode.usage, cause }: ErrorParts = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.where = where;
    this.details = details;
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** The API answered with an error. */
export class ApiError extends CliError {
  constructor(
    message: string,
    readonly status: number,
    /** Stable code of the problem, such as `JobExists`. */
    readonly code: string,
    /** Fields at fault, with JSON paths into the body. */
    readonly fields: readonly FieldProblem[],
    parts: ErrorParts,
  ) {
    super(message, parts);
  }
}

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

/** No answer came, or the connection broke. */
export class UnreachableError extends CliError {}

/** Ctrl-C where something is to be said before the end. */
export class InterruptedError extends CliError {
  constructor(next?: string) {
    super('Interrupted.', { exitCode: ExitCode.interrupted, ...(next === undefined ? {} : { next }) });
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return partOf(error, 'message') ?? String(error);
}

/** Node's code of an error, such as `ENOENT`. By its look, not its class: what comes from Node may be of another realm. */
export function errnoOf(error: unknown): string | undefined {
  return partOf(error, 'code');
}

export function isErrno(error: unknown, ...codes: string[]): boolean {
  return codes.includes(errnoOf(error) ?? '');
}

function partOf(error: unknown, name: 'message' | 'code'): string | undefined {
  const value = (error as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
