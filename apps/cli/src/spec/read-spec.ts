import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ApiError, CliError, type FieldProblem, reasonOf } from '../errors';
import type { Io } from '../io';
import { type Override, parseOverride, withOverrides } from './overrides';
import { pathSteps, placeOf } from './places';

/** A body from a file, and where in it each part stands. */
export interface Spec {
  body: Record<string, unknown>;
  /** The same error with the place in the file for each field at fault. */
  explain(error: unknown): unknown;
}

/**
 * Reads a YAML or JSON file (`-`: standard input; absent: nothing but the overrides) and puts the values of `--set` in.
 * @throws CliError with line and column when the text cannot be read
 */
export async function readSpec(
  file: string | undefined,
  sets: readonly string[],
  io: Pick<Io, 'cwd' | 'readStdin'>,
): Promise<Spec> {
  const overrides = sets.map(parseOverride);
  const shown = file === '-' ? 'standard input' : (file ?? '--set');
  const text =
    file === undefined ? '{}' : file === '-' ? await io.readStdin() : await read(path.resolve(io.cwd, file), file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new CliError(`${shown} is neither YAML nor JSON: ${broken.message}`, {
      where: `${shown}:${line}:${col}`,
      details: [text.split('\n')[line - 1]?.trimEnd() ?? ''],
      next: 'Correct that line.',
    });
  }
  const body = withOverrides(document.toJS({ maxAliasCount: 100 }), overrides);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new CliError(`${shown} holds ${body === null ? 'nothing' : 'no mapping of fields'}.`, {
      next: 'docs/jobs.md shows what a job can say, by example.',
    });
  }
  const place = ({ path: at }: FieldProblem): string => {
    const steps = pathSteps(at);
    const set = overrides.find((override) => begins(steps, override));
    if (set) return `--set ${set.path.slice(2)}`;
    const found = file === undefined ? undefined : placeOf(document.contents, lines, steps);
    return found ? `${shown}:${found.line}:${found.column}` : shown;
  };
  return { body: body as Record<string, unknown>, explain: (error) => explained(error, place) };
}

function begins(steps: readonly (string | number)[], { steps: start }: Override): boolean {
  return start.every((step, at) => step === steps[at]);
}

function explained(error: unknown, place: (field: FieldProblem) => string): unknown {
  if (!(error instanceof ApiError) || error.fields.length === 0) return error;
  const { message, status, code, fields, where, next, exitCode } = error;
  return new ApiError(message, status, code, fields, {
    details: fields.map((field) => `${place(field)}  ${field.path}  ${field.message}`),
    exitCode,
    cause: error,
    next: next ?? 'Correct it, then run the command again.',
    ...(where === undefined ? {} : { where }),
  });
}

async function read(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`${shown} cannot be read: ${reasonOf(error)}`, {
      next: 'Give the path of a YAML or JSON file.',
    });
  }
}
