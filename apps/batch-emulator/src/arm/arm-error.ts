import { BatchError } from '../errors';
import type { JsonObject } from '../util/json';

/** Anything that management answers with an error body. */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ArmError';
  }
}

/** The rules are those of the data plane; management tells the same refusals in its own form. */
export function asArmError(error: unknown): ArmError | undefined {
  if (error instanceof ArmError) return error;
  if (!(error instanceof BatchError)) return undefined;
  const details = error.values.map(({ key, value }) => `${key}: ${value}`);
  return new ArmError(error.status, error.code, [error.message, ...details].join('\n'), error.headers);
}

/** "CloudError". */
export function armErrorBody({ code, message }: ArmError): JsonObject {
  return { error: { code, message } };
}

export const notFound = (type: string, name: string, group: string): ArmError =>
  new ArmError(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.Batch/${type}/${name}' under resource group '${group}' was not found.`,
  );

export const badRequest = (message: string): ArmError => new ArmError(400, 'InvalidRequestContent', message);
