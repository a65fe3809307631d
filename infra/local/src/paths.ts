import { homedir } from 'node:os';
import path from 'node:path';

/** The repository's root, from `infra/local/dist`. */
export const ROOT = path.resolve(__dirname, '..', '..', '..');

export const TEMPORAL_CLI_VERSION = 'v1.5.1';

/** Where downloaded and built programs are kept, outside any clone. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'windrow');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'windrow');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return path.join(env.LOCALAPPDATA, 'windrow');
  return path.join(homedir(), '.cache', 'windrow');
}

export function cachedTemporal(env: NodeJS.ProcessEnv = process.env): string {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return path.join(cacheDirectory(env), 'bin', `temporal-${TEMPORAL_CLI_VERSION}${suffix}`);
}
