import { batchError, invalidProperty } from '../../errors';
import type { JsonObject } from '../../util/json';
import type { ResourceFile } from '../../wire/types';

export function checkCommandLine(commandLine: string): void {
  if (commandLine.trim() === '') throw invalidProperty('commandLine', '', 'The command line is empty.');
}

/** "UserIdentity": "username and autoUser properties are mutually exclusive". */
export function checkUserIdentity(identity: JsonObject | undefined): void {
  if (identity?.['username'] !== undefined && identity['autoUser'] !== undefined) {
    throw invalidProperty('userIdentity', identity, 'Only one of username and autoUser may be given.');
  }
}

export function checkResourceFiles(files: readonly ResourceFile[] = []): void {
  for (const file of files) {
    const sources = [file.httpUrl, file.storageContainerUrl, file.autoStorageContainerName].filter(
      (source) => source !== undefined,
    );
    if (sources.length !== 1) {
      throw invalidProperty(
        'resourceFiles',
        file,
        'Exactly one of httpUrl, storageContainerUrl and autoStorageContainerName must be given.',
      );
    }
    if (file.httpUrl !== undefined && !file.filePath)
      throw batchError('MissingRequiredProperty', { PropertyName: 'filePath' });
  }
}
