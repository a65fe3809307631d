import { InvalidInputError } from '../../errors';

export function invalidSweep(message: string, path: string): InvalidInputError {
  return new InvalidInputError('InvalidSweep', message, { path });
}
