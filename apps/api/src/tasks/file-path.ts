import { InvalidRequestError } from '../common/errors';

/** Kept outputs are listed under this folder, whether or not the node is still there. */
export const OUTPUTS = 'outputs/';

/**
 * The path of a task's file as it came in a URL, decoded.
 * @throws InvalidRequestError when it could lead out of the task's folder
 */
export function safePath(segments: string | string[] | undefined): string {
  const path = Array.isArray(segments) ? segments.join('/') : (segments ?? '');
  const parts = path.split('/');
  const escapes = parts.some((part) => part === '' || part === '.' || part === '..');
  // NUL ends a path in C, a backslash parts one in Windows.
  if (!escapes && !path.includes('\u0000') && !path.includes('\\') && path.length <= 1024) return path;
  throw new InvalidRequestError([
    {
      path: 'path',
      code: 'InvalidPath',
      message: "must be a file below the task's folder, without empty parts, . or ..",
    },
  ]);
}
