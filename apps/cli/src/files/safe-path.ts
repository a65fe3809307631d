import { lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CliError, isErrno } from '../errors';
import { ExitCode } from '../exit-codes';

/**
 * Where a file of a job lies below `root`. Names of outputs are the work of strangers: what would leave the folder is
 * refused, also by way of a symbolic link that lies in it. Makes the folders on the way.
 * @throws CliError
 */
export async function safeTarget(root: string, name: string): Promise<string> {
  const steps = name.split('/');

  const wrong = steps.find(
    (step) => step === '' || step === '.' || step === '..' || /[\\\u0000-\u001f]|^[A-Za-z]:/.test(step),
  );
  if (wrong !== undefined)
    throw refused(name, 'its name leads out of the folder, or holds characters that no file name may');
  await mkdir(root, { recursive: true });
  let folder = root;
  for (const step of steps.slice(0, -1)) {
    folder = path.join(folder, step);
    await mkdir(folder).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error;
    });
    if (!(await lstat(folder)).isDirectory()) throw refused(name, `${folder} is no folder`);
  }
  return path.join(folder, steps.at(-1)!);
}

function refused(name: string, why: string): CliError {
  return new CliError(`'${name}' is not downloaded: ${why}.`, {
    exitCode: ExitCode.local,
    next: 'Download into another, empty folder; or fetch that file by its link from `windrow files JOB -o json`.',
  });
}
